"""OpenBCI: the Cyton on its radio dongle, and the Ganglion over Bluetooth."""
