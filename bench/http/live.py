"""A live server for measuring over HTTP: starts it, fills its database by SQL, asks it by wrk."""
import json, os, re, socket, subprocess, tempfile, time


class Live:
    """A database, the programs started on it, and the folder they share. `connections` is how many ask at once."""

    def __init__(self, server, database, name, connections=16, seconds=3):
        self.server, self.connections, self.seconds = server, connections, seconds
        self.folder = tempfile.mkdtemp(prefix=f"anchorpoint-{name}-")
        self.processes = []
        self.database = database
        if self.is_postgres:
            subprocess.run(["psql", "--no-psqlrc", "-q", database, "-c", f"CREATE DATABASE {name}"], check=True)
            self.database = database.rsplit("/", 1)[0] + "/" + name

    @property
    def is_postgres(self):
        return self.database.startswith("postgres:")

    @staticmethod
    def free_port():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def start(self, program, *arguments, port):
        environment = dict(os.environ, ANCHORPOINT_REQUESTS_PER_SECOND="0", ANCHORPOINT_REQUESTS_PER_MINUTE="0",
                           ANCHORPOINT_KEY_FILE=f"{self.folder}/key", ANCHORPOINT_LOG_LEVEL="warning")
        process = subprocess.Popen([program, *arguments], env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=open(f"{self.folder}/log", "a"))
        self.processes.append(process)
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return process
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{program} did not start: " + open(f"{self.folder}/log").read()[-2000:])

    def serve(self, port, sample=False):
        return self.start(self.server, "serve", "--port", str(port), "--database", self.database,
                          "--sample" if sample else "--empty", port=port)

    def command(self, *arguments):
        done = subprocess.run([self.server, *arguments, "--database", self.database, "--json"], capture_output=True,
                              text=True, env=dict(os.environ, ANCHORPOINT_KEY_FILE=f"{self.folder}/key"))
        if done.returncode:
            raise SystemExit(f"{arguments[:2]}: {done.stderr}")
        return json.loads(done.stdout)

    def sql(self, *statements):
        """Runs statements in one transaction; on SQLite beside the server, which waits for it."""
        if not self.is_postgres:
            import sqlite3
            with sqlite3.connect(self.database[7:], timeout=60) as connection:
                for statement in statements:
                    connection.execute(statement)
            connection.close()
            return
        subprocess.run(["psql", "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", "-1", self.database], text=True, check=True,
                       input=";\n".join(statements) + ";\n")

    def query(self, statement):
        """One value."""
        if not self.is_postgres:
            import sqlite3
            connection = sqlite3.connect(f"file:{self.database[7:]}?mode=ro", uri=True, timeout=60)
            try:
                return connection.execute(statement).fetchone()[0]
            finally:
                connection.close()
        done = subprocess.run(["psql", "--no-psqlrc", "-qtA", self.database, "-c", statement], text=True, check=True,
                              capture_output=True)
        return done.stdout.strip()

    def load(self, address, script=""):
        """Requests per second, and the 95th and 99th hundredth of the times, in milliseconds."""
        path = f"{self.folder}/load.lua"
        with open(path, "w") as file:
            file.write(script + """
done = function(summary, latency, requests)
  io.write(string.format("figures %f %f %f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
""")
        done = subprocess.run(["wrk", "-t1", f"-c{self.connections}", f"-d{self.seconds}s", "-s", path, address],
                              capture_output=True, text=True)
        found = re.search(r"figures (\S+) (\S+) (\S+) (\d+)", done.stdout)
        if not found or found[4] != "0":
            raise SystemExit(f"{address}: {done.stdout} {done.stderr}")
        return tuple(map(float, found.groups()[:3]))

    @staticmethod
    def memory(process, name="VmRSS"):
        with open(f"/proc/{process.pid}/status") as status:
            return int(re.search(rf"^{name}:\s+(\d+)", status.read(), re.M)[1]) / 1024

    def stop(self, process):
        process.terminate()
        process.wait(30)

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()
        subprocess.run(["rm", "-rf", self.folder])


def show(name, value, checksum):
    """A figure for bench/runner. The checksum is how much the answer holds: an empty answer is no figure."""
    print(f"{name} {value:.4f} {checksum}", flush=True)
