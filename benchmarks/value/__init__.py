"""Customer value: our purchase model beside lifetimes, clvkit and pymc-marketing, on the same customers."""
