package doqu.shell;

import doqu.kernel.Errno;
import doqu.precondition.Explanation;
import doqu.precondition.Foresight.Foreseen;
import doqu.precondition.Preconditions.Checked;
import doqu.precondition.Verdict;
import doqu.step.Mistake;
import doqu.step.Notice;
import doqu.step.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Why a call failed, or would fail, in words. */
final class Why {
  private static final int INDENT = 2;
  private static final int EVIDENCE = 10;

  private Why() {}

  /** The causes of a failure, in lines that fit; one that says so when none was found. */
  static List<String> briefly(StepRecord step) {
    List<Explanation> all = step.explanations();
    return step.ok() || all.isEmpty() ? List.of() : briefly(all.get(all.size() - 1), step.step());
  }

  private static List<String> briefly(Explanation explanation, String step) {
    List<String> lines = new ArrayList<>();
    explanation.causes().forEach(cause -> lines.addAll(told("because", cause)));
    explanation.suspects().forEach(one -> lines.addAll(told("perhaps", one)));
    if (lines.isEmpty()) {
      lines.addAll(
          wrapped(
              "no cause",
              "is found for " + explanation.errno() + meaning(step, explanation.errno())));
    }
    return lines;
  }

  private static List<String> wrapped(String head, String text) {
    return Columns.beside(head, head.length() + 1, text, Columns.WIDTH - INDENT);
  }

  /** What the page of a step says of an errno, to follow. */
  private static String meaning(String step, String errno) {
    return Page.of(step.split("\\s", 2)[0]).stream()
        .flatMap(page -> page.errnos().stream())
        .filter(entry -> entry.word().equals(errno))
        .findFirst()
        .map(entry -> "; the manual has: " + entry.says())
        .orElse("");
  }

  private static List<String> told(String head, Checked one) {
    Verdict verdict = one.verdict();
    return told(
        head, verdict.evidence() + "; needed: " + one.precondition().needs(), verdict.mend());
  }

  private static List<String> told(String head, String text, String mend) {
    List<String> lines = wrapped(head, text);
    if (!mend.isEmpty()) {
      // In a line of its own: it is to be read, and typed.
      lines.add(" ".repeat(head.length() + 1) + "mend: " + mend);
    }
    return lines;
  }

  /** A silent failure that a step has brought about. */
  static List<String> noticed(Notice notice) {
    return told("notice", notice.says() + "; " + notice.evidence(), notice.mend());
  }

  /**
   * {@code why}: every precondition of the call that failed last, held or broken.
   *
   * @throws Mistake when none has failed
   */
  static List<String> lines(List<Deed> deeds) {
    Explanation last =
        deeds.stream()
            .map(Deed::record)
            .filter(Objects::nonNull)
            .flatMap(record -> record.explanations().stream())
            .reduce((first, second) -> second)
            .orElseThrow(
                () -> new Mistake("no call has failed so far: there is nothing to explain"));
    List<String> lines = new ArrayList<>();
    lines.add(last.call() + " failed with " + named(last.errno()));
    lines.addAll(all(last.checked()));
    if (last.causes().isEmpty()) {
      lines.add("none of this gives " + last.errno() + ": doqu does not know the cause");
    }
    return lines;
  }

  private static String named(String errno) {
    return Errno.parse(errno).map(one -> one + " (" + one.text() + ")").orElse(errno);
  }

  private static List<String> all(List<Checked> checked) {
    List<String> lines = new ArrayList<>();
    for (Checked one : checked) {
      Verdict verdict = one.verdict();
      String gives = verdict.errno() == null ? "" : " (" + verdict.errno() + ")";
      String word = verdict.state().word();
      lines.addAll(
          Columns.beside(
              " ".repeat(INDENT) + word, EVIDENCE, one.precondition().needs() + gives + ":"));
      lines.addAll(Columns.beside("", EVIDENCE + INDENT, verdict.evidence()));
      if (!verdict.mend().isEmpty()) {
        lines.addAll(Columns.beside("", EVIDENCE + INDENT, "mend: " + verdict.mend()));
      }
    }
    return lines;
  }

  /** {@code predict STEP}: what each of its calls would come to. */
  static List<String> foreseen(List<Foreseen> calls) {
    List<String> lines = new ArrayList<>();
    for (Foreseen call : calls) {
      lines.add(call.call() + comesTo(call));
      call.obstacle().ifPresent(one -> lines.addAll(indented(told("because", one))));
      if (call.errno().isEmpty()) {
        call.unknown().forEach(one -> lines.addAll(indented(told("not known", one))));
      }
    }
    return lines.isEmpty() ? List.of("it makes no call") : lines;
  }

  private static String comesTo(Foreseen call) {
    return call.errno()
        .map(one -> " would fail with " + named(one.name()))
        .orElse(
            !call.known()
                ? ": doqu does not know what it needs"
                : " would succeed" + (call.unknown().isEmpty() ? "" : ", as far as doqu knows"));
  }

  private static List<String> indented(List<String> lines) {
    return lines.stream().map(line -> " ".repeat(INDENT) + line).toList();
  }
}
