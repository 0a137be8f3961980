"""Devices, simulator and replay: bytes in, blocks of samples out.

One folder per device family, ``protocol.py`` (pure) beside ``driver.py`` (I/O). Nothing here knows what a
squeeze is, and nothing here imports ``dsp``, ``app`` or Qt.
"""
