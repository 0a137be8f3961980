"""BITalino (r)evolution: six channels, four of them of 10 bit, over Bluetooth serial port or low energy."""
