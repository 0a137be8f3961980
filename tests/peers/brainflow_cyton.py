"""Reads a Cyton with BrainFlow's own driver, in a process of its own: ``brainflow_cyton.py PORT BOARD N SETTINGS``.

Prints one JSON object: the counter of each packet, and microvolts by channel. Board 0 is a Cyton, 2 one with a Daisy.
"""

import importlib
import importlib.resources
import json
import sys
import time

board_shim = importlib.import_module("brainflow.board_shim")
BoardShim = board_shim.BoardShim
# It looks for its library in a way that Python 3.11 has not, or else by a module that setuptools has no more.
board_shim.__dict__["files"] = lambda _: importlib.resources.files("brainflow")


def main(port: str, board: int, n: int, settings: str) -> None:
    BoardShim.disable_board_logger()
    params = board_shim.BrainFlowInputParams()
    params.serial_port = port
    shim = BoardShim(board, params)
    shim.prepare_session()
    answer = shim.config_board(settings)
    shim.start_stream()
    while shim.get_board_data_count() < n:
        time.sleep(0.02)
    shim.stop_stream()
    data = shim.get_board_data()
    shim.release_session()
    json.dump(
        {
            "answer": answer,
            "counters": data[BoardShim.get_package_num_channel(board)].astype(int).tolist(),
            "uv": data[BoardShim.get_eeg_channels(board)].T.tolist(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
