"""Arrays in, arrays out: filters, envelopes, onsets, levels, clock fit, symmetry and quality.

Nothing here knows a unit, a device, a thread, a file or a window; numpy and scipy are all it needs. Everything that
streams gives the same numbers for any chunk size, and NaN stands for samples that never came.
"""
