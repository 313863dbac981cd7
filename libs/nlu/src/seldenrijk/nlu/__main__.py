"""`python -m seldenrijk.nlu`: predict, explain, eval and train."""

from seldenrijk.nlu.cli import app

if __name__ == "__main__":
    app(prog_name="python -m seldenrijk.nlu")
