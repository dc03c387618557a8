package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.lesson.Course;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Progress;
import doqu.lesson.Source;
import doqu.testing.Doqu;
import doqu.testing.Typed;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The course doqu comes with, taken key by key at a terminal. */
class CourseTest {
  private static final String PROMPT = "doqu(\\[\\d+ \\w+])?>";
  private static final String SHELL = ".*[#$] ?";
  private static final int WIDTH = 100;

  private final Course course = Course.of(Source.shipped(), "en");

  @TempDir private Path state;

  private Typed begins() throws Exception {
    Typed typed =
        new Typed(WIDTH, 60, Map.of("XDG_STATE_HOME", state.toString()), Doqu.command("lesson"));
    typed.awaitLastLine(PROMPT);
    return typed;
  }

  private Progress progress() {
    return Progress.of(state.resolve("doqu/progress").resolve(course.id()));
  }

  private void until(Typed typed, String what, Predicate<Progress> kept) throws Exception {
    typed.await(what, shown -> kept.test(progress()) && Typed.lastLine(shown).matches(PROMPT));
  }

  /** Types a line, and leaves the shell it may have ended in. */
  private void types(Typed typed, String line) throws Exception {
    if (line.length() > WIDTH / 2) {
      typed.type(line + "\r"); // it is wrapped, and then in no one line of the screen
    } else {
      typed.line(line);
    }
    typed.await(
        "prompt after " + line,
        shown -> {
          String last = Typed.lastLine(shown);
          return last.matches(SHELL) || (last.matches(PROMPT) && !last.endsWith(line));
        });
    if (Typed.lastLine(typed.screen()).matches(SHELL)) {
      typed.type("exit\r");
      typed.awaitLastLine(PROMPT);
    }
  }

  private void takes(Typed typed, Lesson lesson, boolean last) throws Exception {
    for (LessonStep step : lesson.steps()) {
      until(typed, "step " + step.id(), kept -> kept.step().equals(step.id()));
      if (!step.answer().isEmpty()) {
        types(typed, "answer " + step.answer());
      }
      for (String command : step.solution()) {
        types(typed, command);
      }
      if (step.goal().isPresent()) {
        until(
            typed, step.id() + " done", kept -> kept.isDone(step.id()) && !kept.isShown(step.id()));
      }
      types(typed, "next");
      if (step.goal().isEmpty()) {
        until(typed, step.id() + " done", kept -> kept.isDone(step.id()));
      }
    }
    if (last) {
      typed.await("the end", shown -> shown.contains("the last step of the course"));
    }
  }

  @Test
  void theFirstLessonIsTaken() throws Exception {
    try (Typed typed = begins()) {
      takes(typed, course.lesson(course.lessons().get(0)), course.lessons().size() == 1);
      typed.ctrl('D');
      assertThat(typed.exitStatus()).isZero();
    }
  }

  /** That line has 101 letters, and the window 100. */
  @Test
  void whatIsMissingIsWrappedBetweenItsWords() throws Exception {
    Path kept = Files.createDirectories(state.resolve("doqu/progress")).resolve(course.id());
    Files.writeString(kept, "at mount-errors mount-errors-nowhere\n");
    try (Typed typed = begins()) {
      types(typed, "chdir /tmp");
      assertThat(typed.screen()).contains("TARGET leads to something, found it\nsucceeded");
    }
  }

  @Test
  void progressIsToldAndTakenElsewhere(@TempDir Path elsewhere) throws Exception {
    String first = course.lesson(course.lessons().get(0)).steps().get(0).id();
    Files.createDirectories(state.resolve("doqu/progress"));
    Files.writeString(state.resolve("doqu/progress").resolve(course.id()), "done " + first + "\n");
    Path file = elsewhere.resolve("file");
    assertThat(told(state, "progress")).contains(" 1/");
    assertThat(told(state, "progress", "--json"))
        .startsWith("{\"course\":\"containers\"")
        .contains("\"done\":[\"" + first + "\"]");
    assertThat(told(state, "progress", "--json", "--course", "src/test"))
        .isEqualTo(
            "{\"error\":\"a fault of the course, not yours: course.yaml:1: there is no such file\"}\n");
    assertThat(told(state, "export", file.toString())).isEmpty();
    assertThat(told(state, "export", "-")).isEqualTo("done " + first + "\n");
    assertThat(told(elsewhere, "import", file.toString())).isEqualTo("1 step done, before 0\n");
    assertThat(told(elsewhere, "import", "-"))
        .isEqualTo("doqu: there is no progress in 'standard input'\n");
    assertThat(told(elsewhere, "import", "/dev/zero"))
        .isEqualTo("doqu: '/dev/zero' tells of no progress: it is larger than 1 MiB\n");
    assertThat(told(elsewhere, "progress")).contains(" 1/");
    Files.writeString(file, "done x\nrubbish here\n");
    assertThat(told(elsewhere, "import", file.toString()))
        .isEqualTo("doqu: 'rubbish here' tells of no progress\n");
    assertThat(told(elsewhere, "progress")).contains(" 1/");
    assertThat(told(elsewhere, "import", "/no/such"))
        .isEqualTo("doqu: '/no/such': there is no such file or folder\n");
  }

  @Test
  void aNewLessonIsProvenAsItIs(@TempDir Path course) throws Exception {
    String folder = course.toString();
    assertThat(told(state, "new", "my-first", "--course", folder))
        .endsWith("/my-first: it is in course.yaml\n");
    assertThat(told(state, "new", "second", "--course", folder))
        .endsWith("/second: add it to course.yaml where it belongs\n");
    assertThat(course.resolve("course.yaml")).content().contains("my-first").doesNotContain("sec");
    assertThat(told(state, "check", "--course", folder)).isEqualTo("1 goal proven, no problems\n");
    assertThat(told(state, "new", "my-first", "--course", folder)).contains("there already");
    assertThat(told(state, "new", "../other", "--course", folder)).contains("no name of a lesson");
    assertThat(told(state, "check", "--course", folder + "/no")).contains("no folder");
  }

  @Test
  void whatCannotBePrintedIsNotTakenForExported() throws Exception {
    Files.createDirectories(state.resolve("doqu/progress"));
    Files.writeString(state.resolve("doqu/progress").resolve(course.id()), "done x\n");
    ProcessBuilder builder = new ProcessBuilder(Doqu.command("lesson", "export", "-"));
    builder.environment().put("XDG_STATE_HOME", state.toString());
    Process process = builder.redirectOutput(new File("/dev/full")).start();
    String why = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(why).isEqualTo("doqu: standard output cannot be written\n");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  @Test
  void noControlSequenceOfACourseReachesTheTerminal(@TempDir Path course) throws Exception {
    String folder = course.toString();
    told(state, "new", "first", "--course", folder);
    Path text = course.resolve("first/en.yaml");
    Files.writeString(
        text,
        Files.readString(text).replace("title: A lesson to be written", "title: \"\\e[31m\""));
    assertThat(told(state, "progress", "--course", folder)).contains("^[[31m");
    Files.writeString(course.resolve("course.yaml"), "\"\\e[31m\": 1");
    assertThat(told(state, "progress", "--course", folder))
        .startsWith(
            "doqu: a fault of the course, not yours: course.yaml:1: unknown field '^[[31m'");
  }

  private static String told(Path state, String... words) throws Exception {
    List<String> command = new ArrayList<>(Doqu.command("lesson"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(new File("/dev/null"));
    builder.environment().put("XDG_STATE_HOME", state.toString());
    Process process = builder.start();
    String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return all;
  }

  @Test
  @Tag("slow")
  void theWholeCourseIsTaken() throws Exception {
    try (Typed typed = begins()) {
      List<String> names = course.lessons();
      for (String name : names) {
        takes(typed, course.lesson(name), name.equals(names.get(names.size() - 1)));
      }
    }
  }

  /**
   * At every goal the learner goes on too early, mistypes, fails and begins at the wrong end,
   * before he starts again and reaches it in another way than the course does.
   */
  @Test
  @Tag("slow")
  void theWholeCourseIsTakenWithMistakesAndInOtherWays() throws Exception {
    try (Typed typed = begins()) {
      for (String name : course.lessons()) {
        for (LessonStep step : course.lesson(name).steps()) {
          until(typed, "step " + step.id(), kept -> kept.step().equals(step.id()));
          if (step.goal().isPresent()) {
            mistakes(typed, step);
            types(typed, "reset");
            if (!step.answer().isEmpty()) {
              types(typed, "answer " + step.answer());
            }
            for (String command : step.solution()) {
              types(typed, OtherWays.of(command));
            }
            until(typed, step.id() + " reached", kept -> kept.isDone(step.id()));
            assertThat(progress().isShown(step.id())).as(step.id()).isFalse();
          }
          types(typed, "next");
        }
      }
      typed.await("the end", shown -> shown.contains("the last step of the course"));
    }
  }

  private void mistakes(Typed typed, LessonStep step) throws Exception {
    says(typed, "next", "the goal is not reached");
    String command = step.solution().get(0).split(" ")[0];
    String misspelt = command.charAt(0) + command.substring(2);
    says(typed, misspelt, "unknown command '" + misspelt + "'");
    assertThat(progress().isDone(step.id())).as(step.id()).isFalse();
    says(typed, "rmdir /no/such/place", "because there is no 'no' in '/'");
    if (!progress().isDone(step.id())) { // any ENOENT is what one of them asks for
      says(typed, "chdir /proc", "not yet: ");
    }
    for (int at = step.solution().size() - 1; at > 0; at--) {
      types(typed, step.solution().get(at));
    }
    assertThat(typed.screen()).as(step.id()).doesNotContain("a fault of");
  }

  private void says(Typed typed, String line, String words) throws Exception {
    types(typed, line);
    String after = typed.screen();
    assertThat(after.substring(after.lastIndexOf("> " + line))).as(line).contains(words);
  }

  /** At every step it is killed, and taken up again where it was. */
  @Test
  @Tag("slow")
  void whoeverKillsItTakesItUpAtTheSameStep() throws Exception {
    for (String name : course.lessons()) {
      for (LessonStep step : course.lesson(name).steps()) {
        try (Typed typed = begins()) {
          typed.await("page of " + step.id(), shown -> shown.contains(step.text().title()));
          if (step.goal().isPresent()) {
            types(typed, "skip");
            until(typed, step.id() + " shown", kept -> kept.isShown(step.id()));
          }
          types(typed, "next");
          assertThat(progress().isDone(step.id())).as(step.id()).isTrue();
          typed.process().destroyForcibly().waitFor();
        }
      }
    }
    assertThat(leftAside()).isEmpty();
  }

  private List<Path> leftAside() throws IOException {
    try (var files = Files.list(state.resolve("doqu/progress"))) {
      return files
          .filter(file -> !file.getFileName().toString().matches(course.id() + "(.lock)?"))
          .toList();
    }
  }
}
