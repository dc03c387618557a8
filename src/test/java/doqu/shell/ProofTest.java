package doqu.shell;

import static doqu.shell.LessonTest.COURSE;
import static doqu.shell.LessonTest.NAMES;
import static doqu.shell.LessonTest.NAMES_TEXT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import doqu.lesson.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code lesson check} tells the author of a course that is not as it should be. */
class ProofTest {
  @TempDir private Path lessons;

  @BeforeEach
  void aCourse() throws IOException {
    write("course.yaml", COURSE.replace(", mounts", ""));
    write("names/lesson.yaml", NAMES);
    write("names/en.yaml", NAMES_TEXT);
  }

  private void write(String file, String text) throws IOException {
    Path path = lessons.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void changes(String file, String text, String right, String wrong) throws IOException {
    assertThat(text).contains(right);
    write(file, text.replace(right, wrong));
  }

  private List<String> problems() throws Exception {
    List<String> told = new ArrayList<>();
    Proof.of(Source.folder(lessons), told::add, Duration.ofSeconds(3));
    return told;
  }

  @Test
  void allThatIsWrongWithAFileIsToldAtOnce() throws Exception {
    write(
        "names/lesson.yaml",
        """
        steps:
          - id: read-it
            kind: reed
            wat: 1
          - id: own-uts
            kind: do
            goal:
              - own: utz
              - hostnam: box
            lost: [{pid: x}]
            c: [a, b]
          - id: who-hears
            kind: predict
          - id: Too
            kind: fail
            goal: [uid: 0]
            solution: ps
        """);
    assertThat(problems())
        .containsExactly(
            "names/lesson.yaml:4: unknown field 'wat'",
            "names/lesson.yaml:3: unknown kind of step 'reed'; did you mean 'read'?",
            "names/lesson.yaml:8: 'utz' is no namespace",
            "names/lesson.yaml:9: unknown field 'hostnam'; did you mean 'hostname'?",
            "names/lesson.yaml:5: a step with a goal needs a solution",
            "names/lesson.yaml:10: 'x' is not a whole number",
            "names/lesson.yaml:11: a text has to stand here",
            "names/lesson.yaml:12: a step 'predict' needs a goal",
            "names/lesson.yaml:12: a step with a goal needs a solution",
            "names/lesson.yaml:12: 'answer' is what a step 'predict' needs, and no other has",
            "names/en.yaml:12: the answer '' is none of the choices",
            "names/lesson.yaml:14: 'Too' is no name: small letters, digits and dashes, and no dash"
                + " first",
            "names/lesson.yaml:14: a step 'fail' needs a goal with a failure in it: errno or"
                + " notice",
            "names/en.yaml:17: the lesson has no step 'too-long'",
            "0 goals proven, 14 problems");
  }

  @Test
  void allThatIsWrongWithTheListOfLessonsIsToldAtOnce() throws Exception {
    write("course.yaml", "id: A\nlanguages: []\nlessons: [names, B, names]\nlocked: no\n");
    assertThat(problems())
        .containsExactly(
            "course.yaml:3: 'B' is no name: small letters, digits and dashes, and no dash first",
            "course.yaml:3: the lesson 'names' is there twice",
            "course.yaml:1: a course has one language at least",
            "course.yaml:1: 'A' is no name: small letters, digits and dashes, and no dash first",
            "course.yaml:4: 'no' is neither true nor false",
            "0 goals proven, 5 problems");
  }

  @Test
  void ofAGoalThatHasNotBeenReachedItIsNotSaidThatItIsProven() throws Exception {
    changes("names/lesson.yaml", NAMES, "- own: uts", "- own: ipc");
    assertThat(problems())
        .containsExactly(
            "names/lesson.yaml:4: 'own-uts' is not at its goal after its solution:"
                + " ipc namespace of doqu: expected its own, found the host's",
            "2 goals proven, 1 problem");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec sleep 1000", "exec sh -c 'sleep 1000 & sleep 1000'"})
  void aStepThatDoesNotEndIsGivenUpAndLeavesNothingBehind(String command) throws Exception {
    changes(
        "names/lesson.yaml", NAMES, "solution: fork", "solution: [fork, \"" + command + "\", ps]");
    long before = sleeping();
    assertThat(problems())
        .containsExactly(
            "names/lesson.yaml:12: 'who-hears' takes longer than 3 seconds, in '" + command + "'",
            "2 goals proven, 1 problem");
    assertThat(sleeping()).isEqualTo(before);
  }

  private static long sleeping() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith("sleep 1000"))
        .count();
  }

  @Test
  void aProgramThatReadsHasNothingToRead() throws Exception {
    changes(
        "names/lesson.yaml",
        NAMES,
        "[unshare uts, sethostname box]",
        "[unshare uts, sethostname box, fork, switch child, exec cat]");
    assertThat(problems()).containsExactly("3 goals proven, no problems");
  }

  /** A course may come from anywhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "skip",
        "lesson",
        "next",
        "reset",
        "undo",
        "load x",
        "save -f x",
        "set colour off",
        "quit",
        "bye",
        "man ls"
      })
  void aLessonDoesOnTheStageWhatItDoes(String command) throws Exception {
    changes("names/lesson.yaml", NAMES, "solution: fork", "solution: [" + command + ", fork]");
    assertThat(problems())
        .containsExactly(
            "names/lesson.yaml:12: 'who-hears' has a command '%s': '%s' is nothing that a lesson may do"
                .formatted(command, command.split(" ")[0]),
            "2 goals proven, 1 problem");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "- errno: EINVAL ~ - uid: 0 ~ needs a goal with a failure in it",
        "- errno: EINVAL ~ - notice: none ~ needs a goal with a failure in it",
        "- errno: EINVAL ~ - {same: uts, as: host} ~ 'host' is the name of no actor",
        "- errno: EINVAL ~ - taken: parent ~ 'parent' is the name of no actor",
        "- errno: EINVAL ~ - taken: A! ~ 'A!' is nobody",
      })
  void aGoalIsWhatCanBeMet(String right, String wrong, String problem) throws Exception {
    changes("names/lesson.yaml", NAMES, right + "\n        call: sethostname", wrong);
    assertThat(problems()).anyMatch(told -> told.contains(problem));
  }

  @Test
  void whoIsNotThereTakesNoStep() throws Exception {
    changes("names/lesson.yaml", NAMES, "- called: fork", "- taken: chil");
    assertThat(problems())
        .containsExactly(
            "names/lesson.yaml:12: 'who-hears' is not at its goal after its solution:"
                + " last step taken by: expected chil, found doqu",
            "2 goals proven, 1 problem");
  }

  @Test
  void aTranslationHasWhatItIsMadeOf() throws Exception {
    write("course.yaml", COURSE.replace(", mounts", "").replace("[en]", "[en, de]"));
    write(
        "names/de.yaml",
        NAMES_TEXT
            .replace("[a nudge, a concept, a shape]", "[ein Wink]")
            .replace("{a: all, b: the child}", "{b: das Kind, a: alle}")
            .replace("title: Names", "title: ''"));
    assertThat(problems())
        .containsExactly("names/de.yaml:1: there is nothing in it", "3 goals proven, 1 problem");
    write(
        "names/de.yaml",
        NAMES_TEXT
            .replace("[a nudge, a concept, a shape]", "[ein Wink]")
            .replace("{a: all, b: the child}", "{b: das Kind, c: alle}"));
    assertThat(problems())
        .containsExactly(
            "names/de.yaml:4: 'own-uts' has 1 hints, and 3 in names/en.yaml:4",
            "names/de.yaml:10: 'who-hears' has the choices [b, c], and [a, b] in names/en.yaml:10",
            "3 goals proven, 2 problems");
  }

  @Test
  void noStepHasTheIdOfAnother() throws Exception {
    write("course.yaml", COURSE.replace("mounts", "more"));
    write("more/lesson.yaml", NAMES);
    write("more/en.yaml", NAMES_TEXT);
    assertThat(problems())
        .contains(
            "more/lesson.yaml:4: the id 'own-uts' stands in names/lesson.yaml:4 too",
            "6 goals proven, 4 problems");
  }

  @Test
  void aHintFitsAWindow() throws Exception {
    changes("names/en.yaml", NAMES_TEXT, "a concept", "'" + "word ".repeat(400) + "'");
    assertThat(problems()).first().asString().contains("names/en.yaml:6: a hint of 'own-uts' has");
  }

  @Test
  void whatIsNoLessonIsToldInALine() throws Exception {
    isTold("steps:\n\t- id: a", "lesson.yaml:2: this is no YAML: found character");
    isTold("a: 1\na: 2\nsteps: []", "lesson.yaml:2: 'a' is there twice");
    isTold("steps: *a", "lesson.yaml:1: this is no YAML: found undefined alias");
    isTold("&a\nsteps: *a", "lesson.yaml:1: a list has to stand here");
    isTold("steps: &a [*a]", "lesson.yaml:1: fields have to stand here");
    isTold("[a, b]", "lesson.yaml:1: fields have to stand here");
    isTold("words", "lesson.yaml:1: fields have to stand here");
    isTold("steps: []\n---\nsteps: []", "lesson.yaml:2: this is no YAML");
    isTold("steps: {a: b}", "lesson.yaml:1: a list has to stand here");
    isTold("? [a]\n: b", "lesson.yaml:1: this is no YAML: Non scalar key");
    isTold("# nothing", "lesson.yaml:1: there is nothing in it");
    isTold("steps: \u0000", "lesson.yaml:1: this is no YAML: special characters");
  }

  private void isTold(String file, String problem) throws Exception {
    write("names/lesson.yaml", file);
    assertThat(problems()).as(file).anyMatch(told -> told.startsWith("names/" + problem));
  }

  @Test
  void aFileWithoutAnEndIsNotReadToIt() throws Exception {
    write("names/lesson.yaml", NAMES + "#".repeat(1 << 20));
    assertThat(problems()).first().isEqualTo("names/lesson.yaml:1: it is larger than 1 MiB");
    write("names/lesson.yaml", "steps: " + "[".repeat(100_000));
    assertThat(problems()).first().asString().contains(":1: there are too many lists or fields");
    write("names/lesson.yaml", laughs());
    assertThat(problems()).first().asString().contains(":1: this is no YAML: Number of aliases");
    Files.write(lessons.resolve("names/lesson.yaml"), "steps:\n- \u00e4".getBytes(ISO_8859_1));
    assertThat(problems()).first().isEqualTo("names/lesson.yaml:2: it is not UTF-8");
  }

  /** Each line nine times the one above. */
  private static String laughs() {
    StringBuilder file = new StringBuilder("a: &a [" + "ha,".repeat(9) + "]\n");
    for (char name = 'b'; name < 'k'; name++) {
      String above = "*" + (char) (name - 1) + ",";
      file.append(name + ": &" + name + " [" + above.repeat(9) + "]\n");
    }
    return file.toString();
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void whatIsNoFileIsNotOpened() throws Exception {
    Path file = lessons.resolve("names/lesson.yaml");
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    isNoFile(file);
    Files.createSymbolicLink(file, Path.of("/dev/zero"));
    isNoFile(file);
    Files.createDirectory(file);
    isNoFile(file);
    Files.createSymbolicLink(file, Path.of("lesson.yaml"));
    assertThat(problems()).first().asString().startsWith("names/lesson.yaml:1: it cannot be read:");
  }

  private void isNoFile(Path file) throws Exception {
    assertThat(problems())
        .first()
        .isEqualTo("names/lesson.yaml:1: it cannot be read: it is no file");
    Files.delete(file);
  }

  @Test
  void aWordThatIsWrappedTakesLinesToo() throws Exception {
    changes("names/en.yaml", NAMES_TEXT, "say: Some words.", "say: " + "x".repeat(80 * 20));
    assertThat(problems()).first().asString().startsWith("names/en.yaml:2: the page of 'read-it'");
  }

  @Test
  void aTextMayBeNestedAsDeepAsAnybodyLikes() throws Exception {
    changes("names/en.yaml", NAMES_TEXT, "say: Some words.", "say: '" + ">".repeat(20_000) + "'");
    assertThat(problems()).first().asString().startsWith("names/en.yaml:2: the page of 'read-it'");
  }

  @Test
  void noControlSequenceReachesTheTerminal() throws Exception {
    changes("names/lesson.yaml", NAMES, "kind: do", "kind: \"\\e[31mdo\"");
    Files.writeString(lessons.resolve("names/x\033[31m\n.yaml"), "");
    assertThat(problems())
        .containsExactly(
            "names/x^[[31m^J.yaml:1: 'languages' in course.yaml does not list it",
            "names/lesson.yaml:5: unknown kind of step '^[[31mdo'",
            "0 goals proven, 2 problems");
  }
}
