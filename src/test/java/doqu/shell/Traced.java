package doqu.shell;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.testing.Doqu;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of doqu, told twice: by itself, as JSON, and by strace.
 *
 * @param steps what doqu says
 * @param calls what strace says: the calls of each process, by its PID on the machine, those of the
 *     wire between doqu and an actor left out
 * @param other the objects doqu printed that are no steps: what it said, and mistakes
 */
record Traced(List<Told> steps, Map<Integer, List<String>> calls, List<Map<String, Object>> other) {
  private static final Pattern CHILD = Pattern.compile("\\+ .*, (\\d+) on the machine");

  /** What strace may print for a line with addresses in it; the same lines are compared often. */
  private static final Map<String, Pattern> ADDRESSED = new HashMap<>();

  private static final Pattern END = Pattern.compile("\\+\\+\\+ .* \\+\\+\\+");

  /**
   * The wire's own two, and calls of the JVM's that no step makes: they cost the most time. Not
   * every architecture has those with a question mark.
   */
  private static final String LEFT_OUT =
      "recvfrom,sendto,fstat,futex,gettid,lseek,madvise,mmap,mprotect,munmap,newfstatat,?poll,"
          + "pread64,read,?readlink,rt_sigprocmask,sysinfo";

  /**
   * By which doqu finds out why a call has failed, right after it; no step of a scene makes them.
   */
  private static final Set<String> WHY =
      Set.of("statfs", "statx", "faccessat2", "openat2", "readlinkat", "getdents64");

  /** A look before a step and one after it ask for the names of the system. Nothing else may. */
  private static final String LOOK = "uname({sysname=";

  /**
   * One step.
   *
   * @param child the PID on the machine of the process it forked; 0: it forked none
   */
  record Told(String step, int pid, int child, List<Line> calls) {}

  /**
   * One call, as doqu tells it.
   *
   * @param plumbing whether doqu says that it made the call for its own purposes
   * @param exact whether strace's line has to be the same; otherwise its name and its result, as
   *     for plumbing and for what was made by {@code syscall}
   */
  record Line(String text, String name, boolean plumbing, boolean exact) {
    boolean is(String traced) {
      if (!exact) {
        return traced.startsWith(name + "(") && result(traced).equals(result(text));
      }
      int cut = traced.indexOf(" <unfinished ...>");
      if (cut >= 0) {
        // Killed in the call: strace has seen no more of it than what could be read before.
        return text.startsWith(traced.substring(0, cut)) && text.endsWith(") = ?");
      }
      if (!text.contains("0x...")) {
        // A signal of its own ends a process before it can tell doqu that the kill had worked.
        boolean ended = name.equals("kill") && text.endsWith(") = ?");
        return text.equals(traced) || ended && text.replace(") = ?", ") = 0").equals(traced);
      }
      return ADDRESSED.computeIfAbsent(text, Line::addressed).matcher(traced).matches();
    }

    private static Pattern addressed(String text) {
      return Pattern.compile(Pattern.quote(text).replace("0x...", "\\E0x[0-9a-f]+\\Q"));
    }

    private static String result(String text) {
      return text.substring(text.lastIndexOf(") = "));
    }
  }

  /** Has doqu carry out a file under strace. */
  static Traced run(Path folder, Path script) throws IOException, InterruptedException {
    // One file a process, no string cut, no columns.
    List<String> command =
        new ArrayList<>(
            List.of("strace", "-ff", "-a1", "-s100000", "-esignal=none", "--seccomp-bpf"));
    command.add("-etrace=!" + LEFT_OUT);
    command.add("-o");
    command.add(folder.resolve("strace").toString());
    command.addAll(Doqu.command("-k", "--json", script.toString()));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process doqu =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!doqu.waitFor(3, TimeUnit.MINUTES)) {
      doqu.destroyForcibly();
      throw new AssertionError("doqu does not come to an end: " + Files.readString(out));
    }
    if (Files.size(out) == 0) {
      throw new AssertionError("doqu told nothing: " + Files.readString(err));
    }
    return read(folder, Files.readAllLines(out));
  }

  private static Traced read(Path folder, List<String> json) throws IOException {
    List<Told> steps = new ArrayList<>();
    List<Map<String, Object>> other = new ArrayList<>();
    for (String object : json) {
      Map<String, Object> fields = JSON.std.mapFrom(object);
      if (fields.containsKey("syscalls")) {
        steps.add(told(fields));
      } else {
        other.add(fields);
      }
    }
    Map<Integer, List<String>> calls = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "strace.*")) {
      for (Path file : files) {
        int pid = Integer.parseInt(file.getFileName().toString().substring("strace.".length()));
        calls.put(pid, calls(Files.readAllLines(file, StandardCharsets.ISO_8859_1)));
      }
    }
    return new Traced(steps, calls, other);
  }

  private static Told told(Map<String, Object> fields) {
    String step = (String) fields.get("step");
    List<Line> lines = new ArrayList<>();
    for (Object each : (List<?>) fields.get("syscalls")) {
      Map<?, ?> call = (Map<?, ?>) each;
      String name = (String) call.get("name");
      boolean plumbing = (Boolean) call.get("plumbing");
      boolean raw = step.startsWith("syscall ") && !name.matches("fork|clone");
      lines.add(new Line((String) call.get("text"), name, plumbing, !plumbing && !raw));
    }
    int child =
        ((List<?>) fields.get("changes"))
            .stream()
                .flatMap(change -> CHILD.matcher((String) change).results())
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElse(0);
    int pid = (Integer) ((Map<?, ?>) fields.get("actor")).get("pidMachine");
    return new Told(step, pid, child, List.copyOf(lines));
  }

  /** The calls of one process up to the end, or until it became another program. */
  private static List<String> calls(List<String> lines) {
    List<String> calls = new ArrayList<>();
    for (String line : lines) {
      if (!END.matcher(line).matches()) {
        calls.add(line);
      }
      if (line.startsWith("execve(") && line.endsWith(") = 0")) {
        return calls;
      }
    }
    return calls;
  }

  /** What the two tell differently; empty: every call of every actor is told by both, alike. */
  List<String> differences() {
    Map<Integer, Line> begins = new HashMap<>();
    Map<Integer, List<Told>> byActor = new LinkedHashMap<>();
    for (Told step : steps) {
      List<Line> lines = step.calls;
      if (step.child != 0 && !lines.isEmpty()) {
        // The last of a fork's records is not the parent's: the child closes its parent's socket.
        int last = lines.size() - 1;
        begins.put(step.child, lines.get(last));
        lines = lines.subList(0, last);
        byActor.putIfAbsent(step.child, new ArrayList<>());
      }
      byActor
          .computeIfAbsent(step.pid, pid -> new ArrayList<>())
          .add(new Told(step.step, step.pid, step.child, lines));
    }
    List<String> differences = new ArrayList<>();
    byActor.forEach((pid, told) -> compare(pid, begins.get(pid), told, differences));
    return differences;
  }

  /**
   * Compares the calls of one actor. What strace has and doqu has not may lie only between steps,
   * and may only be a look there.
   */
  private void compare(int pid, @Nullable Line begin, List<Told> told, List<String> differences) {
    List<String> traced = calls.getOrDefault(pid, List.of());
    // Before a stage's first actor takes its first step, it is made: no step, and no record.
    int at = begin == null ? looksFrom(pid) : 0;
    List<Line> first = begin == null ? List.of() : List.of(begin);
    List<Told> all = new ArrayList<>(List.of(new Told("the child's side of fork", pid, 0, first)));
    all.addAll(told);
    for (Told step : all) {
      if (!step.calls.isEmpty()) {
        at = pastLooks(traced, at);
      }
      boolean failed = false;
      for (Line line : step.calls) {
        String found = at < traced.size() ? traced.get(at++) : "nothing";
        if (!line.is(found)) {
          // One line too few or too many, and all that follow differ: the first says it all.
          differences.add(step.step + "\n  doqu:   " + line.text + "\n  strace: " + found);
          return;
        }
        failed |= line.text.contains(" = -1 ");
        if (failed) {
          at = pastWhy(traced, at);
        }
      }
    }
    at = pastLooks(traced, at);
    if (at < traced.size()) {
      differences.add("after the last step\n  strace: " + traced.get(at));
    }
  }

  /** What is opened for it is closed, the very descriptor. */
  private static int pastWhy(List<String> traced, int from) {
    String closes = "";
    int at = from;
    for (; at < traced.size(); at++) {
      String call = traced.get(at);
      if (!WHY.contains(call.substring(0, Math.max(0, call.indexOf('('))))
          && !call.equals(closes)) {
        break;
      }
      if (call.startsWith("openat2(")) {
        closes = "close(" + call.substring(call.lastIndexOf(' ') + 1) + ") = 0";
      }
    }
    return at;
  }

  private static int pastLooks(List<String> traced, int from) {
    int at = from;
    while (at < traced.size() && traced.get(at).startsWith(LOOK)) {
      at++;
    }
    return at;
  }

  /** Where the first look at an actor is. */
  int looksFrom(int pid) {
    List<String> traced = calls.getOrDefault(pid, List.of());
    int at = 0;
    while (at < traced.size() && !traced.get(at).startsWith(LOOK)) {
      at++;
    }
    return at;
  }

  /** The PIDs on the machine of the processes that were forked by a step. */
  Set<Integer> children() {
    return steps.stream().map(Told::child).filter(pid -> pid != 0).collect(Collectors.toSet());
  }
}
