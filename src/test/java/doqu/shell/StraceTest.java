package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.shell.Traced.Line;
import doqu.shell.Traced.Told;
import doqu.step.Steps;
import doqu.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doqu prints for a step is what strace prints of the actor, call by call, both ways. */
@Needs("strace")
class StraceTest {
  private static Path scenes;
  private static Traced traced;

  @BeforeAll
  static void runUnderStrace(@TempDir Path folder) throws Exception {
    scenes = Path.of(Objects.requireNonNull(StraceTest.class.getResource("strace.scenes")).toURI());
    traced = Traced.run(folder, scenes);
  }

  @Test
  void bothTellTheSame() {
    assertThat(String.join("\n", traced.differences())).isEmpty();
  }

  @Test
  void everySceneIsPlayedToItsEnd() throws Exception {
    List<Object> refused =
        traced.other().stream()
            .map(object -> object.get("error"))
            .filter(Objects::nonNull)
            .toList();
    assertThat(refused).isEmpty();
    long begun =
        traced.other().stream()
            .filter(
                object -> object.getOrDefault("said", "").toString().contains("A fresh one begins"))
            .count();
    assertThat(begun).isEqualTo(Files.readString(scenes).split("\n\n# ").length);
    assertThat(traced.steps().stream().map(told -> told.step().split(" ")[0]))
        .containsAll(Steps.rows().map(Steps.Row::name).toList());
  }

  /** What a learner is not shown must not be what the learner has asked for. */
  @Test
  void onlyWhatForkTakesIsPlumbing() {
    for (Told step : traced.steps()) {
      List<String> hidden =
          step.calls().stream().filter(Line::plumbing).map(Line::name).distinct().toList();
      boolean forks = step.calls().stream().anyMatch(line -> line.name().matches("fork|clone"));
      assertThat(hidden)
          .as(step.step())
          .isSubsetOf(forks ? List.of("recvmsg", "fcntl", "close") : List.of());
      assertThat(step.calls().isEmpty()).as(step.step()).isEqualTo(step.step().startsWith("env "));
    }
  }

  @Test
  void aRecordThatIsDroppedIsMissed() {
    int dropped = 0;
    for (int s = 0; s < traced.steps().size(); s++) {
      for (int c = 0; c < traced.steps().get(s).calls().size(); c++) {
        int call = c;
        assertThat(changed(s, lines -> lines.remove(call)).differences())
            .as("without " + traced.steps().get(s).calls().get(c))
            .isNotEmpty();
        dropped++;
      }
    }
    assertThat(dropped).isGreaterThan(400);
  }

  @Test
  void aRecordThatIsAlteredIsNoticed() {
    for (int s = 0; s < traced.steps().size(); s++) {
      for (int c = 0; c < traced.steps().get(s).calls().size(); c++) {
        Line line = traced.steps().get(s).calls().get(c);
        for (Line altered : alterations(line)) {
          int call = c;
          assertThat(changed(s, lines -> lines.set(call, altered)).differences())
              .as(line.text() + " told as " + altered.text())
              .isNotEmpty();
        }
      }
    }
  }

  /** One character changed, all along what is compared. */
  private static List<Line> alterations(Line line) {
    List<Line> altered = new ArrayList<>();
    // Of a call in which the process was killed strace tells no more than how it begins.
    boolean cut = line.text().endsWith(") = ?") && !line.name().equals("exit_group");
    int compared = line.exact() && !cut ? line.text().length() : line.name().length();
    for (int at = 0; at < compared; at += 5) {
      StringBuilder text = new StringBuilder(line.text());
      text.setCharAt(at, text.charAt(at) == '~' ? '!' : '~');
      String name = text.substring(0, line.name().length());
      altered.add(new Line(text.toString(), name, line.plumbing(), line.exact()));
    }
    altered.add(new Line(line.text() + "1", line.name(), line.plumbing(), line.exact()));
    return altered;
  }

  @Test
  void aCallThatHasNoRecordIsNoticed() {
    Set<Integer> actors = traced.steps().stream().map(Told::pid).collect(Collectors.toSet());
    actors.addAll(traced.children());
    for (int pid : actors) {
      List<String> calls = traced.calls().get(pid);
      int from = traced.children().contains(pid) ? 0 : traced.looksFrom(pid) + 1;
      for (int at = from; at <= calls.size(); at++) {
        List<String> more = new ArrayList<>(calls);
        more.add(at, "getuid() = 0");
        Map<Integer, List<String>> all = new HashMap<>(traced.calls());
        all.put(pid, more);
        assertThat(new Traced(traced.steps(), all, List.of()).differences())
            .as(
                "a call between "
                    + calls.subList(Math.max(0, at - 1), Math.min(at + 1, calls.size())))
            .isNotEmpty();
      }
    }
  }

  private static Traced changed(int index, Consumer<List<Line>> change) {
    Told step = traced.steps().get(index);
    List<Line> lines = new ArrayList<>(step.calls());
    change.accept(lines);
    List<Told> steps = new ArrayList<>(traced.steps());
    steps.set(index, new Told(step.step(), step.pid(), step.child(), lines));
    return new Traced(steps, traced.calls(), List.<Map<String, Object>>of());
  }
}
