"""What a disk may hold after a power cut, from the system calls of a traced process.

A trace (`strace -f --seccomp-bpf -yy -xx`) becomes a list of steps. `Disk` follows them: what was synced before a cut is
there; what was not may be there or not, in part, in any order. The unit is the sector of 512 bytes; a write changes no
byte outside its range (what SQLite calls powersafe overwrite). Names in a folder last once the folder was synced.
"""
import collections, os, re

SECTOR = 512
CALLS = ("open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,fsync,fdatasync,ftruncate,truncate,fallocate,"
         "sync_file_range,copy_file_range,sendfile,unlink,unlinkat,rename,renameat,renameat2,link,linkat,mmap")
STRACE = ["strace", "-f", "--seccomp-bpf", "-yy", "-xx", "-s", "4000000", "-e", f"trace={CALLS}"]
Step = collections.namedtuple("Step", "kind target value")
LINE = re.compile(r"(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$", re.S)
FD = re.compile(r"(-?\d+|AT_FDCWD)<([^>]*)>")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
PEER = re.compile(r"TCP(?:v6)?:\[[^\]]*->[^\]]*:(\d+)\]")


def plain(text):
    return bytes.fromhex(text.replace("\\x", ""))


def path_of(text):
    return re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), text)


class Trace:
    """Steps about files under `folder`, and the answers written to network peers, in the order they happened."""

    def __init__(self, lines, folder):
        self.folder, self.steps, self.names, self.fresh = folder, [], {}, 0
        self.answers = []  # (step, peer's port, first line)
        waiting = {}
        for line in lines:
            match = LINE.match(line.rstrip("\n"))
            if not match:
                continue
            thread, resumed, name, rest = match.groups()
            if resumed:
                name, begun, begin = waiting.pop(thread)
                self.end(name, begun + rest, begin)
            elif rest.endswith("<unfinished ...>"):
                begun = rest[:-len("<unfinished ...>")]
                waiting[thread] = (name, begun, self.begin(name, begun))
            else:
                self.end(name, rest, self.begin(name, rest))

    def file(self, text):
        """The inode behind a descriptor in `text`, or None where it is not ours."""
        match = FD.match(text)
        path = path_of(match[2]) if match else ""
        if not path.startswith(self.folder + "/") or path.endswith(("-shm", ".lock")):
            return None  # shared memory and locks mean nothing after a cut
        if path not in self.names:
            raise SystemExit(f"{path} is written, but its making was not seen: nothing is proven")
        return self.names[path]

    def length(self, inode):
        return sum(len(step.value[1]) for step in self.steps if step.kind == "write" and step.target == inode)

    def add(self, kind, target, value=None):
        self.steps.append(Step(kind, target, value))

    def begin(self, name, text):
        """What counts from the call's beginning: a write may be on disk, an answer may be read; returns where a sync began."""
        if name in ("write", "writev", "sendto", "sendmsg"):
            peer = PEER.search(text.split(",", 1)[0])
            found = TEXT.search(text)
            if peer and found:
                first = plain(found[1])[:200].split(b"\r\n")[0]
                if first.startswith(b"HTTP/1.1 "):
                    self.answers.append((len(self.steps), int(peer[1]), first.decode()))
                return 0
        if name in ("write", "pwrite64") and (inode := self.file(text)) is not None:
            data = plain(TEXT.search(text)[1])
            count, *offset = [int(number) for number in re.findall(r", (\d+)", text[text.rindex('"'):])]
            if len(data) != count:
                raise SystemExit("a write is not whole in the trace: nothing is proven")
            # Only new files are written without an offset, from their beginning.
            at = offset[0] if name == "pwrite64" else self.length(inode)
            self.add("write", inode, (at, data))
        elif name == "ftruncate" and (inode := self.file(text)) is not None:
            self.add("size", inode, int(re.search(r", (\d+)", text)[1]))
        return len(self.steps)

    def end(self, name, text, begin):
        result = re.search(r"\) += (-?\d+)", text)
        worked = result is not None and int(result[1]) >= 0
        if name in ("write", "pwrite64", "ftruncate", "sendto", "sendmsg"):
            return
        if name in ("writev", "pwritev", "pwritev2", "fallocate", "truncate", "sync_file_range", "copy_file_range", "sendfile"):
            if FD.match(text) and self.file(text) is not None:
                raise SystemExit(f"{name} on a file is not followed here: nothing is proven")
        elif name == "mmap":
            match = re.search(r"PROT_WRITE, MAP_SHARED[^,]*, (.*)", text)
            if match and self.file(match[1]) is not None:
                raise SystemExit("a file is written through memory: nothing is proven")
        elif name in ("fsync", "fdatasync") and worked:
            path = path_of(FD.match(text)[2])
            if path == self.folder:
                self.add("names synced", None, begin)
            elif (inode := self.file(text)) is not None:
                self.add("synced", inode, begin)
        elif worked:
            self.rename(name, [self.absolute(path_of(match)) for match in TEXT.findall(text)], text)

    def absolute(self, path):
        return path if path.startswith("/") else os.path.join(self.folder, path)

    def rename(self, name, paths, text):
        """Calls that change names. A path that is not absolute would be missed, so the traced process gets absolute ones."""
        ours = [path for path in paths if os.path.dirname(path) == self.folder and not path.endswith(("-shm", ".lock"))]
        if not ours:
            return
        if name in ("open", "openat", "creat"):
            if ours[0] not in self.names and "O_CREAT" in text:
                self.fresh += 1
                self.names[ours[0]] = self.fresh
                self.add("name", ours[0], self.fresh)
            elif "O_TRUNC" in text:
                self.add("size", self.names[ours[0]], 0)
        elif name in ("unlink", "unlinkat"):
            self.names.pop(ours[0], None)
            self.add("name", ours[0], None)
        elif name in ("link", "linkat", "rename", "renameat", "renameat2"):
            self.names[ours[1]] = self.names[ours[0]]
            self.add("name", ours[1], self.names[ours[0]])
            if name.startswith("rename"):
                del self.names[ours[0]]
                self.add("name", ours[0], None)


class Disk:
    """What is surely there after the steps so far, and what may be. `honest` false: a disk that ignores every sync."""

    def __init__(self, honest=True):
        self.honest, self.position = honest, 0
        self.content = collections.defaultdict(bytearray)
        self.pending = collections.defaultdict(list)  # by inode: (position, step)
        self.names, self.unsettled = {}, []

    def advance(self, steps, upto):
        while self.position < upto:
            step, here = steps[self.position], self.position
            self.position += 1
            if step.kind in ("write", "size"):
                self.pending[step.target].append((here, step))
            elif step.kind == "name":
                self.unsettled.append((here, step))
            elif self.honest and step.kind == "synced":
                done = [entry for entry in self.pending[step.target] if entry[0] < step.value]
                self.pending[step.target] = [entry for entry in self.pending[step.target] if entry[0] >= step.value]
                for _, entry in done:
                    apply(self.content[step.target], entry)
            elif self.honest and step.kind == "names synced":
                for _, entry in [entry for entry in self.unsettled if entry[0] < step.value]:
                    settle(self.names, entry)
                self.unsettled = [entry for entry in self.unsettled if entry[0] >= step.value]

    def after_cut(self, rng):
        """One disk that may be found: bytes by path."""
        names = dict(self.names)
        all_names = rng.random() < 0.5
        for _, step in self.unsettled:
            if all_names or rng.random() < 0.5:
                settle(names, step)
        return {path: bytes(self.file_after_cut(inode, rng)) for path, inode in names.items()}

    def file_after_cut(self, inode, rng):
        content, pending = bytearray(self.content[inode]), [step for _, step in self.pending[inode]]
        if not pending:
            return content
        way = rng.choice(["nothing", "everything", "beginning", "writes", "sectors", "sectors"])
        if way == "nothing":
            return content
        if way in ("everything", "beginning"):
            for step in pending if way == "everything" else pending[:rng.randrange(len(pending) + 1)]:
                apply(content, step)
            return content
        chance = rng.choice([0.05, 0.5, 0.5, 0.95])
        garbage = rng.random() < 0.5
        sizes = [len(content)]
        for step in pending:
            if step.kind == "size":
                sizes.append(step.value)
                if rng.random() < chance:
                    apply(content, step)
                continue
            offset, data = step.value
            sizes.append(max(sizes[-1], offset + len(data)))
            grow(content, offset + len(data), rng if garbage else None)
            for start, end in pieces(offset, len(data)) if way == "sectors" else [(offset, offset + len(data))]:
                if rng.random() < chance:
                    content[start:end] = data[start - offset:end - offset]
        size = rng.choice(sizes)
        grow(content, size, rng if garbage else None)
        return content[:size]


def pieces(offset, length):
    """The parts of a write that lie in one sector each."""
    start = offset
    while start < offset + length:
        end = min((start // SECTOR + 1) * SECTOR, offset + length)
        yield start, end
        start = end


def grow(content, size, rng):
    if size > len(content):
        content += rng.randbytes(size - len(content)) if rng else bytes(size - len(content))


def apply(content, step):
    if step.kind == "size":
        grow(content, step.value, None)
        del content[step.value:]
    else:
        offset, data = step.value
        grow(content, offset + len(data), None)
        content[offset:offset + len(data)] = data


def settle(names, step):
    if step.value is None:
        names.pop(step.target, None)
    else:
        names[step.target] = step.value
