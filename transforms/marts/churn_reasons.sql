-- One row per customer with a purchase day at as_of: the main reason for the chance of churn. Key: customer_id.
-- The first that holds: the first purchase is recent; at least two orders of a year and a third of them were given
-- back; bought once; silent beyond the own rhythm; waits for the season; turned away from a category; comes less often
-- than chance explains (1.645 standard deviations below the days before, at least four repeats then); spends half or
-- less on a purchase day (at least two on either side); a usual gap of 90 days or more; as usual.
WITH judged AS (
    SELECT
        r.customer_id,
        r.silent_gaps,
        r.typical_gap_days,
        t.repeats_before,
        t.repeats_recent,
        t.mean_spend_before,
        t.mean_spend_recent,
        t.count_orders,
        t.count_given_back,
        c.category,
        c.days_before,
        c.days_recent,
        c.count_before,
        c.count_recent,
        c.days_without,
        CASE
            WHEN r.state = 'new' THEN 'first_purchase_recent'
            WHEN t.count_given_back >= 2 AND t.count_given_back * 3 >= t.count_orders THEN 'refund_heavy'
            WHEN h.x = 0 THEN 'one_time_silent'
            WHEN r.state IN ('lapsing', 'lapsed') THEN 'overdue_vs_own_cadence'
            WHEN s.is_season_only THEN 'between_seasons'
            WHEN c.customer_id IS NOT NULL THEN 'switching'
            WHEN t.repeats_before >= 4
                AND t.repeats_before * t.days_recent - t.repeats_recent * t.days_before
                > 1.645 * SQRT(CAST(t.repeats_before + t.repeats_recent AS DOUBLE) * t.days_before * t.days_recent)
                THEN 'frequency_declining'
            WHEN t.count_before >= 2 AND t.count_recent >= 2 AND t.mean_spend_recent * 2 <= t.mean_spend_before
                THEN 'spend_declining'
            WHEN r.typical_gap_days >= 90 THEN 'buys_rarely'
            ELSE 'as_usual'
        END AS reason_code
    FROM customer_rhythm AS r
    INNER JOIN purchase_history AS h ON r.customer_id = h.customer_id
    INNER JOIN season_history AS s ON r.customer_id = s.customer_id
    INNER JOIN customer_trends AS t ON r.customer_id = t.customer_id
    LEFT JOIN category_shifts AS c ON r.customer_id = c.customer_id
)

SELECT
    customer_id,
    reason_code,
    CASE
        WHEN reason_code = 'first_purchase_recent' THEN 'first purchase was recent'
        WHEN reason_code = 'refund_heavy'
            THEN concat('gave back ', count_given_back, ' of ', count_orders, ' orders within a year')
        WHEN reason_code = 'one_time_silent' THEN 'bought once and has been silent since'
        WHEN reason_code = 'overdue_vs_own_cadence'
            THEN concat('silent for ', CAST(silent_gaps AS DECIMAL(9, 1)), ' times the usual gap')
        WHEN reason_code = 'between_seasons' THEN 'buys in Ramadan only, and the next has not come'
        WHEN reason_code = 'switching' AND days_recent = 0
            THEN concat(
                'used to buy ', category, ' about every ',
                CAST(CAST(180 AS DOUBLE) / CAST(NULLIF(days_before, 0) AS DOUBLE) AS DECIMAL(9, 0)),
                ' days, not for ', days_without, ' days'
            )
        WHEN reason_code = 'switching'
            THEN concat(
                'turns away from ', category, ': on ', days_recent, ' of ', count_recent, ' purchase days, on ',
                days_before, ' of ', count_before, ' before'
            )
        WHEN reason_code = 'frequency_declining'
            THEN concat(
                'comes less often: purchase days in half a year ', repeats_recent, ', in the one before ', repeats_before
            )
        WHEN reason_code = 'spend_declining'
            THEN concat('a purchase day brings ', CAST(
                100 * CAST(mean_spend_recent AS DOUBLE) / CAST(NULLIF(mean_spend_before, 0) AS DOUBLE) AS DECIMAL(9, 0)
            ), ' percent of what it brought half a year before')
        WHEN reason_code = 'buys_rarely'
            THEN concat('buys rarely: about every ', CAST(typical_gap_days AS DECIMAL(9, 0)), ' days')
        ELSE 'buys in the usual rhythm'
    END AS reason,
    CASE
        WHEN reason_code = 'first_purchase_recent' THEN 'pembelian pertama masih baru'
        WHEN reason_code = 'refund_heavy'
            THEN concat('mengembalikan ', count_given_back, ' dari ', count_orders, ' pesanan dalam setahun')
        WHEN reason_code = 'one_time_silent' THEN 'membeli sekali lalu diam'
        WHEN reason_code = 'overdue_vs_own_cadence'
            THEN concat(
                'diam selama ', replace(CAST(CAST(silent_gaps AS DECIMAL(9, 1)) AS VARCHAR), '.', ','), ' kali jeda biasanya'
            )
        WHEN reason_code = 'between_seasons' THEN 'hanya belanja di bulan Ramadan, dan yang berikutnya belum tiba'
        WHEN reason_code = 'switching' AND days_recent = 0
            THEN concat(
                'dulu membeli ', category, ' kira-kira tiap ',
                CAST(CAST(180 AS DOUBLE) / CAST(NULLIF(days_before, 0) AS DOUBLE) AS DECIMAL(9, 0)),
                ' hari, sudah ', days_without, ' hari tidak'
            )
        WHEN reason_code = 'switching'
            THEN concat(
                'mulai meninggalkan ', category, ': pada ', days_recent, ' dari ', count_recent, ' hari belanja, dulu ',
                days_before, ' dari ', count_before
            )
        WHEN reason_code = 'frequency_declining'
            THEN concat(
                'makin jarang datang: ', repeats_recent, ' kali dalam setengah tahun, ', repeats_before, ' sebelumnya'
            )
        WHEN reason_code = 'spend_declining'
            THEN concat('belanja ', CAST(
                100 * CAST(mean_spend_recent AS DOUBLE) / CAST(NULLIF(mean_spend_before, 0) AS DOUBLE) AS DECIMAL(9, 0)
            ), ' persen dari nilai hari belanja sebelumnya')
        WHEN reason_code = 'buys_rarely'
            THEN concat('jarang belanja: kira-kira tiap ', CAST(typical_gap_days AS DECIMAL(9, 0)), ' hari')
        ELSE 'belanja seperti biasanya'
    END AS reason_id
FROM judged
