#!/usr/bin/env python3
"""Writes numbered lines at full speed, one write(2) each, and says into the fifo when it starts, is half-way, is done
or cannot write any more. A second copy says so and writes nothing.

usage: writer.py NAME FIFO LINES MARK"""
import os
import sys
import time

LINE = "%09d the quick brown fox jumps over the lazy dog and logs a line of 77 bytes..\n"


def main(name, fifo, lines, mark):
    says = os.open(fifo, os.O_WRONLY)

    def say(what):
        os.write(says, f"{what} {os.getpid()}\n".encode())

    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        say(name + "-again")
        rest()
    say(name)
    # Made beforehand, so that what is timed is the writing.
    block = [(LINE % i).encode() for i in range(int(lines))]
    say(name + "-begins")
    half = len(block) // 2
    for part, told in ((block[:half], "-half"), (block[half:], "-done")):
        try:
            for line in part:
                os.write(1, line)
        except OSError:
            told = "-failed"
        say(name + told)
        if told == "-failed":
            break
    rest()


def rest():
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main(*sys.argv[1:])
