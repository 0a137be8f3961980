"""Sessions for other programs: joined tables, samples as Parquet, and an archive that may be passed on."""
