import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const [file, questionsFile, seconds] = process.argv.slice(2);
const questions = JSON.parse(readFileSync(questionsFile, "utf8"));
const until = Date.now() + 1000 * Number(seconds);
const told = { rounds: 0, rows: 0, releases: 0, days: 0, wrong: 0, errors: [] };
const seen = new Set();
const days = new Set();

while (Date.now() < until) {
  let instance;
  try {
    instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
    const con = await instance.connect();
    const answers = [];
    for (const question of questions) answers.push(await (await con.run(question)).getRows());
    con.closeSync();
    const [[seq, asOf, wrong]] = answers.shift();
    seen.add(String(seq));
    days.add(String(asOf));
    told.wrong += Number(wrong) > 0 ? 1 : 0;
    told.rounds += 1;
    told.rows += answers.reduce((sum, rows) => sum + rows.length, 0);
  } catch (error) {
    told.errors.push(String(error).slice(0, 200));
  } finally {
    instance?.closeSync();
  }
}
console.log(JSON.stringify({ ...told, releases: seen.size, days: days.size }));
