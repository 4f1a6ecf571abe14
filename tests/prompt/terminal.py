"""Runs a program on a pseudo-terminal: terminal.py SCRIPT PROGRAM ARGS...

SCRIPT is a Python list of steps: ("send", text), ("expect", text), ("wait", seconds). Prints OK, or what was expected and came.
"""
import ast, os, pty, select, signal, sys, time

steps = ast.literal_eval(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])

seen = ""


def read(seconds):
    global seen
    ready, _, _ = select.select([terminal], [], [], seconds)
    if ready:
        try:
            seen += os.read(terminal, 65536).decode("utf-8", "replace")
        except OSError:
            return False
    return True


def expect(text):
    global seen
    finish = time.time() + 60
    while text not in seen:
        if time.time() > finish or not read(1):
            if text in seen:
                break
            print("expected %r, came %r" % (text, seen))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            sys.exit(1)
    seen = seen[seen.index(text) + len(text):]


for kind, value in steps:
    if kind == "send":
        os.write(terminal, value.encode())
    elif kind == "expect":
        expect(value)
    else:
        finish = time.time() + value
        while time.time() < finish:
            read(0.1)

finish = time.time() + 20
while time.time() < finish:
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        print("OK" if status == 0 else "exit status %d, came %r" % (status, seen))
        sys.exit(0)
    read(0.1)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
print("it did not end, came %r" % seen)
