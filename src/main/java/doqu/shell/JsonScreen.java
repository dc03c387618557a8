package doqu.shell;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import doqu.look.Finding;
import doqu.precondition.Explanation;
import doqu.precondition.Preconditions;
import doqu.precondition.Verdict;
import doqu.step.Notice;
import doqu.step.StepRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One JSON object a line: for each step, look, mistake, and what happened besides. */
final class JsonScreen implements Screen {
  /** ASCII alone: no control sequence of the text inside reaches a terminal this may go to. */
  private static final JSON ASCII =
      JSON.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build()).build();

  private final Consumer<String> out;

  JsonScreen(Consumer<String> out) {
    this.out = out;
  }

  @Override
  public void step(StepRecord step, String output) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("step", step.step());
    object.put(
        "actor",
        ordered(
            "name", step.actor().name(),
            "pidInside", step.actor().pidInside(),
            "pidStage", step.actor().pidStage(),
            "pidMachine", step.actor().pidMachine()));
    object.put("ok", step.ok());
    object.put(
        "syscalls",
        step.syscalls().stream()
            .map(
                call ->
                    ordered(
                        "name", call.name(),
                        "args", call.args(),
                        "ret", call.ret(),
                        "errno", call.errno(),
                        "text", call.text(),
                        "plumbing", call.plumbing()))
            .toList());
    object.put("changes", step.changes());
    object.put("notes", step.notes());
    object.put("why", step.explanations().stream().map(JsonScreen::why).toList());
    object.put("notices", step.notices().stream().map(JsonScreen::notice).toList());
    object.put("output", output);
    print(object);
  }

  private static Map<String, Object> notice(Notice notice) {
    return ordered(
        "failure", notice.failure(),
        "says", notice.says(),
        "evidence", notice.evidence(),
        "mend", notice.mend());
  }

  private static Map<String, Object> why(Explanation why) {
    return ordered(
        "call",
        why.call(),
        "errno",
        why.errno(),
        "causes",
        why.causes().stream().map(JsonScreen::checked).toList(),
        "checked",
        why.checked().stream().map(JsonScreen::checked).toList());
  }

  private static Map<String, Object> checked(Preconditions.Checked one) {
    Verdict verdict = one.verdict();
    return ordered(
        "needs", one.precondition().needs(),
        "state", verdict.state().word(),
        "errno", verdict.errno() == null ? "" : verdict.errno().name(),
        "evidence", verdict.evidence(),
        "mend", verdict.mend());
  }

  @Override
  public void look(String line, List<String> lines) {
    print(ordered("look", line, "ok", true, "output", String.join("\n", lines)));
  }

  @Override
  public void both(String line, SideBySide sides) {
    print(
        ordered(
            "look",
            line,
            "ok",
            true,
            "one",
            sides.one(),
            "other",
            sides.other(),
            "rows",
            sides.rows().stream()
                .map(
                    row ->
                        ordered("one", row.left(), "other", row.right(), "differs", row.differs()))
                .toList(),
            "output",
            String.join("\n", sides.lines())));
  }

  @Override
  public void diff(Contrast contrast) {
    print(
        ordered(
            "look",
            "diff",
            "ok",
            true,
            "one",
            contrast.one(),
            "other",
            contrast.other(),
            "rows",
            contrast.rows().stream()
                .map(row -> ordered("what", row.what(), "one", row.one(), "other", row.other()))
                .toList(),
            "remarks",
            contrast.remarks(),
            "output",
            String.join("\n", contrast.lines())));
  }

  @Override
  public void mistake(String line, String why) {
    print(ordered("step", line, "ok", false, "error", why));
  }

  @Override
  public void said(String line) {
    print(ordered("said", line));
  }

  @Override
  public void output(String text) {
    print(ordered("output", text));
  }

  /** A check of the machine. */
  void finding(Finding finding) {
    print(
        ordered(
            "check", finding.check(),
            "state", finding.state().word(),
            "says", finding.says(),
            "mend", finding.mend()));
  }

  private static Map<String, Object> ordered(@Nullable Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  private void print(Map<String, Object> object) {
    try {
      out.accept(ASCII.asString(object).replace("\u007f", "\\u007f"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
