package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doqu.lesson.Course;
import doqu.lesson.Progress;
import doqu.lesson.Source;
import doqu.step.Mistake;
import doqu.step.Notices;
import doqu.step.Steps;
import doqu.testing.LockHolder;
import doqu.testing.NeedsOrdinaryUser;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A course being taken: what the words of a lesson do, on a real stage. */
class LessonTest {
  static final String COURSE =
      """
      id: test
      languages: [en]
      lessons: [names, mounts]
      """;

  static final String NAMES =
      """
      steps:
        - id: read-it
          kind: read
        - id: own-uts
          kind: do
          goal:
            - own: uts
            - hostname: box
          solution: [unshare uts, sethostname box]
          c: unshare(CLONE_NEWUTS);
          manual: unshare(2)
        - id: who-hears
          kind: predict
          answer: b
          goal:
            - called: fork
          solution: fork
        - id: too-long
          kind: fail
          start: [unshare uts]
          goal:
            - errno: EINVAL
              call: sethostname
          solution: sethostname aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      """;

  static final String NAMES_TEXT =
      """
      title: Names
      read-it: {title: Read, say: Some words.}
      own-uts:
        title: Own
        say: Get `box`.
        hints: [a nudge, a concept, a shape]
        after: That was it.
        learnt: A namespace begins as a copy.
      who-hears:
        title: Who
        say: Who hears?
        choices: {a: all, b: the child}
        hints: [think]
        after: It is born there.
        learnt: Children are born into it.
      too-long:
        title: Long
        say: Too long.
        hints: [count]
        after: 64 bytes.
        learnt: A host name has 64 bytes.
      """;

  private static final String MOUNTS =
      """
      steps:
        - id: leak
          kind: fail
          start: [unshare mnt]
          goal:
            - notice: mount leak
            - mounted: /mnt
              who: host
          solution: mount -t tmpfs t /mnt
      """;

  private static final String MOUNTS_TEXT =
      """
      title: Mounts
      leak: {title: Leak, say: Let it leak., hints: [shared], after: It did., learnt: It leaks.}
      """;

  @TempDir private Path folder;
  private Path lessons;
  private Play play;

  @BeforeEach
  void aCourse() throws IOException {
    lessons = folder.resolve("lessons");
    write("course.yaml", COURSE);
    write("names/lesson.yaml", NAMES);
    write("names/en.yaml", NAMES_TEXT);
    write("mounts/lesson.yaml", MOUNTS);
    write("mounts/en.yaml", MOUNTS_TEXT);
    play = begins();
  }

  @AfterEach
  void itEnds() {
    play.close();
  }

  private void write(String file, String text) throws IOException {
    Path path = lessons.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Play begins() {
    Play begun = new Play();
    begun.session.attend(new Classroom(Source.folder(lessons), "en", folder.resolve("progress")));
    return begun;
  }

  private List<String> problems() throws Exception {
    List<String> told = new ArrayList<>();
    Proof.of(Source.folder(lessons), told::add);
    return told;
  }

  private String refused(String line) {
    assertThat(play.session.line(line)).as(line).isFalse();
    return play.mistakes.get(play.mistakes.size() - 1);
  }

  @Test
  void theCourseDoquComesWithIsProven() throws Exception {
    List<String> told = new ArrayList<>();
    assertThat(Proof.of(Source.shipped(), told::add)).as(told.toString()).isTrue();
    assertThat(told).last().asString().matches("[1-9]\\d* goals proven, no problems");
  }

  @Test
  void anErrnoOfOtherArgumentsIsNoneOfTheGoals() throws IOException {
    String goal = "- errno: EINVAL\n        call: sethostname\n        with: 65";
    write("names/lesson.yaml", NAMES.replace("- errno: EINVAL\n        call: sethostname", goal));
    play.does("lesson names", "next", "skip", "next", "answer b", "fork", "next");
    play.errno("sethostname " + "b".repeat(66));
    assertThat(play.said)
        .last()
        .isEqualTo(
            "not yet: last step: expected EINVAL from sethostname with 65,"
                + " found EINVAL from sethostname of other arguments");
    play.errno("sethostname " + "b".repeat(65));
    assertThat(play.said).last().isEqualTo("reached: last step: EINVAL from sethostname with 65");
  }

  /** One errno has several reasons: by what doqu found lacking a goal asks for one of them. */
  @Test
  void anErrnoForAnotherReasonIsNoneOfTheGoals() throws IOException {
    String goal =
        "- errno: EINVAL\n        call: unshare\n"
            + "        needed: [the flags are ones unshare knows]";
    write("names/lesson.yaml", NAMES.replace("- errno: EINVAL\n        call: sethostname", goal));
    play.does("lesson names", "next", "skip", "next", "answer b", "fork", "next");
    play.does("unshare pid");
    play.errno("unshare pid");
    assertThat(play.said)
        .last()
        .isEqualTo(
            "not yet: last step: expected EINVAL from unshare; needed: the flags are ones unshare"
                + " knows, found EINVAL from unshare; needed: its children go to its own PID"
                + " namespace so far");
    play.errno("syscall unshare 1");
    assertThat(play.said).last().asString().startsWith("reached: last step: EINVAL from unshare");
  }

  @Test
  void whatIsMountedOnTheHostIsHeldAgainstWhatItHadAtFirst() throws IOException {
    write("names/lesson.yaml", NAMES.replace("hostname: box\n", "mounts: unchanged\n"));
    play.does("lesson", "next", "mkdir /tmp/box; mount -t tmpfs t /tmp/box; unshare uts");
    String more = "not yet: mounts of the host: expected unchanged, found one more on ";
    assertThat(play.said).contains(more + "/tmp/box");
    play.does("mount --bind /mnt /mnt; umount /tmp/box"); // the very same once more
    assertThat(play.said).last().isEqualTo(more + "/mnt");
    play.does("umount /mnt");
    assertThat(play.said).last().isEqualTo("reached: mounts of the host: unchanged");
  }

  @Test
  void aGoalIsReachedByWhateverWayLeadsThere() {
    play.does("lesson", "next", "sethostname box");
    assertThat(play.said)
        .last()
        .isEqualTo("not yet: uts namespace of doqu: expected its own, found the host's");
    play.does("syscall unshare CLONE_NEWUTS");
    assertThat(play.said)
        .endsWith("reached: uts namespace of doqu: its own", "reached: hostname of doqu: box");
    assertThat(play.lastLook()).contains("That was it.", "in C: `unshare(CLONE_NEWUTS);`");
  }

  @Test
  void oneAndTheSameActorHasToMeetIt() {
    play.does("lesson", "next", "fork", "switch child", "unshare -u", "switch doqu");
    play.does("sethostname box");
    assertThat(play.said).noneMatch(line -> line.startsWith("reached"));
    play.does("switch child", "sethostname box");
    assertThat(play.said).last().isEqualTo("reached: hostname of child: box");
  }

  @Test
  void whereTheNextChildIsBornCanBeAskedForBeforeItIs() throws IOException {
    write("names/lesson.yaml", NAMES.replace("own: uts\n", "children: pid\n"));
    play.does("lesson", "next", "unshare uts; sethostname box");
    assertThat(play.said)
        .last()
        .isEqualTo(
            "not yet: pid namespace of the next child of doqu: expected another, found the same");
    play.does("unshare pid");
    assertThat(play.said).last().isEqualTo("reached: hostname of doqu: box");
    assertThat(play.said).contains("reached: pid namespace of the next child of doqu: another");
  }

  @Test
  void aGoalLooksAtTheProcOfAnActorAndIntoTheRootFileSystem() throws IOException {
    String goal = "goal: [{proc: own}, {pid: 1}, {cwd: $ROOTFS}, {sees: $ROOTFS/bin/sh}]\n";
    write(
        "names/lesson.yaml",
        NAMES.replace("goal:\n      - own: uts\n      - hostname: box\n", goal));
    play.does("lesson", "next", "unshare pid mnt; mount --make-rprivate /; fork; switch init");
    play.does("chdir $ROOTFS");
    assertThat(play.said).last().isEqualTo("not yet: /proc of init: expected own, found foreign");
    play.does("mount -t proc proc /proc");
    assertThat(play.said)
        .contains("reached: /proc of init: own", "reached: $ROOTFS/bin/sh of init: there");
  }

  @Test
  void ofMountsOneUponAnotherAGoalLooksAtTheTopmost() throws IOException {
    String goal = "goal: [{propagation: unbindable}, {sees: /bin/probe}]\n";
    write(
        "names/lesson.yaml",
        NAMES.replace("goal:\n      - own: uts\n      - hostname: box\n", goal));
    play.does("lesson", "next", "unshare mnt; mount --make-rprivate /; chdir $ROOTFS");
    play.does("mount --bind . $ROOTFS; chdir $ROOTFS; mount --make-unbindable .");
    play.does("pivot_root . .");
    assertThat(play.said)
        .last()
        .isEqualTo("not yet: propagation of / of doqu: expected unbindable, found private");
    play.does("umount -l .");
    assertThat(play.said).contains("reached: propagation of / of doqu: unbindable");
  }

  @Test
  void itNeverMovesOnByItself() {
    play.does("lesson", "next");
    assertThat(refused("next")).contains("the goal is not reached");
    play.does("unshare uts; sethostname box");
    assertThat(play.looks).noneMatch(look -> look.contains("Who hears?"));
    play.does("next");
    assertThat(play.lastLook()).contains("Names 3/4: Who", "Who hears?", "`b` the child");
  }

  @Test
  void whatIsExpectedIsAskedForAndJudgedWhenItHasCome() {
    play.does("lesson", "next", "unshare uts; sethostname box", "next");
    assertThat(refused("answer c")).isEqualTo("'c' is none of the choices: a, b");
    play.does("answer a", "fork");
    assertThat(play.lastLook()).contains("You said a. It is b, the child", "It is born there.");
  }

  @Test
  void whoDoesItFirstIsAskedAfterwards() {
    play.does("lesson", "next", "unshare uts; sethostname box", "next", "fork");
    assertThat(play.said).last().isEqualTo("what had you expected? answer says it");
    assertThat(refused("next")).contains("not answered");
    play.does("answer b");
    assertThat(play.lastLook()).contains("As you said: b, the child");
  }

  @Test
  void aStepMayBeDoneWithoutSome() throws Exception {
    write("names/lesson.yaml", NAMES.replace("c: unshare(", "forbid: [chroot]\n    c: unshare("));
    play.does("lesson", "next");
    assertThat(play.lastLook()).contains("without chroot; hint helps");
    assertThat(refused("chroot /tmp"))
        .isEqualTo(
            "'chroot' is not for this step, it is done without chroot; play lets you try it");
    assertThat(play.steps).isEmpty();
    play.does("play", "chroot /tmp", "play", "skip");
    assertThat(play.said).last().isEqualTo("reached: hostname of doqu: box");
    assertThat(problems()).containsExactly("4 goals proven, no problems");
  }

  /** The raw call is the step by another word, and so are the other forms of the call. */
  @Test
  void withoutAStepIsWithoutItsCalls() throws Exception {
    write(
        "names/lesson.yaml",
        NAMES.replace("c: unshare(", "forbid: [chroot, mkdir, umount]\n    c: unshare("));
    play.does("lesson", "next");
    for (String line : List.of("chroot /", "mkdirat AT_FDCWD /tmp/x 0755", "umount2 /mnt 0")) {
      assertThat(refused("syscall " + line)).as(line).startsWith("'syscall' is not for this step");
    }
    play.does("syscall getpid");
    write(
        "names/lesson.yaml",
        NAMES.replace("c: unshare(", "allow: [unshare, sethostname]\n    c: unshare("));
    play.close();
    play = begins();
    play.does("lesson names", "next");
    assertThat(refused("syscall getpid")).contains("only with unshare, sethostname");
    play.does("syscall unshare CLONE_NEWUTS; syscall sethostname box 3");
    assertThat(play.said).last().isEqualTo("reached: hostname of doqu: box");
  }

  /** As the pages of help have it; that of setns opens and closes a file beside. */
  @Test
  void everyStepIsKnownByItsCall() {
    for (String name : Steps.rows().map(Steps.Row::name).toList()) {
      if (!List.of("env", "write", "syscall").contains(name)) {
        assertThat(Pattern.compile("(\\w+)\\(2\\)").matcher(Page.of(name).orElseThrow().calls()))
            .as(name)
            .satisfies(
                call ->
                    assertThat(call.results().map(one -> Steps.making(one.group(1))))
                        .contains(Steps.named(name)));
      }
    }
  }

  @Test
  void aStepMayBeDoneWithSomeAlone() throws Exception {
    write(
        "names/lesson.yaml",
        NAMES.replace("c: unshare(", "allow: [unshare, sethostname]\n    c: unshare("));
    play.does("lesson", "next");
    assertThat(refused("fork")).contains("it is done only with unshare, sethostname");
    play.does("ps", "unshare uts; sethostname box");
    assertThat(play.said).last().isEqualTo("reached: hostname of doqu: box");
    finds(
        NAMES,
        "c: unshare(",
        "allow: fork\n    c: unshare(",
        "has a step in its solution that is not for it: uns");
    finds(NAMES, "c: unshare(", "allow: frok\n    c: unshare(", "unknown step 'frok'; did");
  }

  @Test
  void whoCannotReachTheGoalAnyMoreIsTold() throws Exception {
    String lost = "lost: [{incapable: CAP_SYS_ADMIN, who: focus}]\n    c: unshare(";
    write("names/lesson.yaml", NAMES.replace("c: unshare(", lost));
    play.does("lesson", "next", "caps drop CAP_SYS_ADMIN");
    assertThat(play.said)
        .last()
        .asString()
        .isEqualTo(
            "it is out of reach now, undo or reset leads back:"
                + " CAP_SYS_ADMIN of doqu: not effective");
    play.does("undo", "unshare uts; sethostname box");
    assertThat(play.said).last().isEqualTo("reached: hostname of doqu: box");
    finds(
        NAMES,
        "c: unshare(",
        lost.replace("incapable", "capable"),
        "'own-uts' is lost after its start: ");
    finds(
        NAMES,
        "c: unshare(",
        "lost: [{own: uts}]\n    c: unshare(",
        "'own-uts' is lost after its solution: ");
  }

  /** A course may be made for machines that are more than this one. */
  @Test
  void whatIsLostMayBeSeveralTogether() throws Exception {
    String both = "lost: [[{gone: worker}, {zombies: 1}]]\n    c: unshare(";
    write("names/lesson.yaml", NAMES.replace("c: unshare(", both));
    play.does("lesson names", "next", "fork worker");
    assertThat(play.said).last().asString().startsWith("not yet: ");
    play.does("switch worker", "exit");
    assertThat(play.said)
        .last()
        .isEqualTo("it is out of reach now, undo or reset leads back: worker: gone, zombies: 1");
    play.does("wait");
    assertThat(play.said).last().asString().startsWith("not yet: ");
  }

  @Test
  @NeedsOrdinaryUser
  void whatTheMachineLacksIsToldAndPassedBy() throws Exception {
    write("names/lesson.yaml", NAMES.replace("c: unshare(", "needs: root\n    c: unshare("));
    play.does("lesson", "next");
    assertThat(play.said)
        .last()
        .isEqualTo("this machine does not let it be seen, next goes on: doqu is not run by root");
    play.does("next");
    assertThat(play.lastLook()).contains("Who hears?");
    assertThat(progress()).doesNotContain("own-uts");
    assertThat(problems())
        .containsExactly(
            "names/lesson.yaml:4: not proven here, it needs more: doqu is not run by root",
            "3 goals proven, 1 not on this machine, no problems");
  }

  @Test
  void whatTheMachineHasIsNotInTheWay() throws Exception {
    write("names/lesson.yaml", NAMES.replace("c: unshare(", "needs: stage\n    c: unshare("));
    play.does("lesson", "next");
    assertThat(play.said).isEmpty();
    assertThat(refused("next")).contains("the goal is not reached");
    finds(
        NAMES,
        "c: unshare(",
        "needs: stge\n    c: unshare(",
        "names/lesson.yaml:10: unknown check of the doctor's 'stge'; did you mean 'stage'?");
  }

  @Test
  void resetKeepsWhatWasExpected() {
    play.does(
        "lesson", "next", "unshare uts; sethostname box", "next", "answer a", "reset", "fork");
    assertThat(play.lastLook()).contains("You said a. It is b, the child");
  }

  @Test
  void hintsComeOneByOneAndAreOfferedAfterTheThirdTry() {
    play.does("lesson", "next", "chdir /tmp", "chdir /");
    assertThat(play.said).doesNotContain("hint helps");
    play.does("chdir /tmp");
    assertThat(play.said).last().isEqualTo("hint helps");
    play.does("hint");
    assertThat(play.lastLook()).isEqualTo("hint 1 of 3: a nudge");
    play.does("hint", "hint", "hint");
    assertThat(play.lastLook()).isEqualTo("hint 3 of 3: a shape");
  }

  @Test
  void skipIsPlayedBeforeTheLearnersEyesAndKept() throws IOException {
    play.does("lesson", "next", "skip");
    assertThat(play.said).contains("doqu> unshare uts", "doqu> sethostname box");
    assertThat(play.steps).extracting(step -> step.step()).contains("unshare uts");
    assertThat(progress()).contains("shown own-uts").doesNotContain("done own-uts");
    play.does("where");
    assertThat(play.lastLook()).contains("shown  Own");
  }

  /** Be it that the author has erred, or that this machine is another. */
  @Test
  void whoSkipsASolutionThatLeadsElsewhereGoesOn() throws IOException {
    write("names/lesson.yaml", NAMES.replace("sethostname box", "sethostname bax"));
    play.does("lesson", "next", "skip");
    assertThat(play.mistakes)
        .containsExactly(
            "a fault of the course, not yours, and next goes on: the solution of 'own-uts' does"
                + " not reach its goal: hostname of doqu: expected box, found bax");
    assertThat(play.said).noneMatch(line -> line.startsWith("not yet"));
    play.does("next");
    assertThat(play.lastLook()).contains("Who hears?");
    assertThat(progress()).doesNotContain("own-uts");
    play.does("back", "sethostname box");
    assertThat(refused("next")).contains("the goal is not reached");
  }

  @Test
  void whatComesBackLateReachesTheGoalOfASkipToo() throws IOException {
    String aTenthOfASecond = "hex:000000000000000000e1f50500000000";
    write(
        "names/lesson.yaml",
        NAMES
            .replace("- own: uts\n      - hostname: box", "- called: ppoll")
            .replace(
                "[unshare uts, sethostname box]",
                "syscall ppoll NULL 0 " + aTenthOfASecond + " NULL 0"));
    play.does("lesson", "next", "skip");
    assertThat(play.mistakes).isEmpty();
    assertThat(progress()).contains("shown own-uts");
  }

  @Test
  void aGoalThatCannotBeLookedAtIsPassedBy() throws IOException {
    write("names/lesson.yaml", NAMES.replace("c: unshare(", "needs: nothing\n    c: unshare("));
    play.does("lesson", "next");
    assertThat(play.mistakes)
        .containsExactly(
            "a fault of the course, not yours, and next goes on: names/lesson.yaml:10: unknown"
                + " check of the doctor's 'nothing'");
    play.does("next");
    assertThat(play.lastLook()).contains("Who hears?");
  }

  /** A course may come from anywhere: the learner's files and the learner's doqu are not its. */
  @Test
  void aLessonDoesNothingButOnTheStage() throws IOException {
    Path file = folder.resolve("file");
    write(
        "names/lesson.yaml",
        NAMES.replace(
            "[unshare uts, ", "[save " + file + ", skip, lesson mounts, quit, unshare uts, "));
    play.does("lesson", "next", "skip", "next");
    assertThat(play.mistakes)
        .containsExactly(
            "'save' is nothing that a lesson may do",
            "'skip' is nothing that a lesson may do",
            "'lesson' is nothing that a lesson may do",
            "'quit' is nothing that a lesson may do");
    assertThat(play.lastLook()).contains("Who hears?");
    assertThat(file).doesNotExist();
  }

  @Test
  void theMapFitsAWindow() throws IOException {
    List<String> names = new ArrayList<>();
    for (int number = 1; number <= 40; number++) {
      names.add("n" + number);
      write("n" + number + "/lesson.yaml", NAMES);
      write("n" + number + "/en.yaml", NAMES_TEXT);
    }
    write("course.yaml", COURSE.replace("names, mounts", String.join(", ", names)));
    for (int number : List.of(1, 20, 40)) {
      play.does("lesson n" + number, "where");
      assertThat(play.lastLook().lines())
          .hasSizeLessThan(24)
          .anyMatch(line -> line.matches("\\* n" + number + " +0/4 +Names"))
          .anyMatch(line -> line.matches("\\* +Read"));
    }
    assertThat(play.lastLook()).contains("of 40 lessons, 23 before and 0 after these");
  }

  @Test
  void whatWasLearntFitsAWindow() throws IOException {
    List<String> names = new ArrayList<>();
    Progress kept = kept();
    for (int number = 1; number <= 40; number++) {
      String id = "n" + number;
      names.add(id);
      write(id + "/lesson.yaml", NAMES.replace("id: ", "id: " + id + "-"));
      write(
          id + "/en.yaml",
          NAMES_TEXT
              .replace("title: Names", "title: Names " + number)
              .replaceAll("(?m)^(read-it|own-uts|who-hears|too-long):", id + "-$1:"));
      kept.does(id + "-own-uts");
      kept.does(id + "-too-long");
    }
    write("course.yaml", COURSE.replace("names, mounts", String.join(", ", names)));
    for (int number : List.of(1, 20, 40)) {
      play.does("lesson n" + number, "review");
      assertThat(play.lastLook().lines())
          .hasSizeBetween(17, 21)
          .contains("Names " + number, "- A host name has 64 bytes.")
          .last()
          .asString()
          .matches("of 40 lessons, \\d+ before and \\d+ after these: review LESSON tells of one");
    }
    play.does("review n7");
    assertThat(play.lastLook().lines())
        .containsExactly(
            "Names 7", "", "- A namespace begins as a copy.", "- A host name has 64 bytes.");
    assertThat(refused("review n77")).startsWith("unknown lesson 'n77'; did you mean 'n");
  }

  @Test
  void nothingIsLearntAtFirst() {
    play.does("lesson", "review");
    assertThat(play.lastLook()).isEqualTo("Nothing is learnt yet.");
    play.does("review mounts");
    assertThat(play.lastLook()).isEqualTo("Nothing is learnt yet.");
  }

  @Test
  void tabOffersLessonsAndAnswers() throws IOException {
    assertThat(offered("lesson m")).containsExactly("mounts");
    play.does("lesson", "next", "skip");
    assertThat(offered("answer ")).isEmpty();
    play.does("next");
    assertThat(offered("answer ")).containsExactly("a", "b");
    assertThat(offered("review ")).containsExactly("names", "mounts");
  }

  @Test
  void tabOffersNothingOfACourseThatIsAtFault() throws IOException {
    write("course.yaml", "id: [");
    assertThat(offered("lesson ")).isEmpty();
  }

  private List<String> offered(String typed) {
    List<Candidate> candidates = new ArrayList<>();
    new Completion(play.session).candidates(Typing.of(typed, typed.length()), candidates);
    return candidates.stream()
        .map(Candidate::value)
        .filter(value -> value.startsWith(typed.substring(typed.indexOf(' ') + 1)))
        .toList();
  }

  private String progress() throws IOException {
    return Files.readString(folder.resolve("progress/test"));
  }

  @Test
  void resetUndoAndPlayLeadBack() {
    play.does("lesson", "next", "unshare uts", "undo", "sethostname box");
    assertThat(play.said).last().asString().contains("uts namespace of doqu: expected its own");
    play.does("reset", "hostname");
    assertThat(play.lastLook()).contains("doqu: stage");
    play.does("unshare uts", "play", "sethostname box");
    assertThat(play.said).noneMatch(line -> line.startsWith("reached"));
    play.does("play", "hostname");
    assertThat(play.lastLook()).contains("doqu: stage");
    play.does("sethostname box");
    assertThat(play.said).last().isEqualTo("reached: hostname of doqu: box");
  }

  @Test
  void whoUndoesTheBeginningOfAStepIsTold() {
    play.does("lesson names", "next", "unshare uts; sethostname box", "next", "fork", "answer b");
    play.does("next", "undo");
    assertThat(play.said).last().asString().contains("before where the step begins: reset leads");
    play.does("reset");
    play.errno("sethostname " + "b".repeat(65));
    assertThat(play.said).last().isEqualTo("reached: last step: EINVAL from sethostname");
  }

  @Test
  void backBeginsTheStepBeforeOnItsStage() {
    play.does("lesson", "next", "skip", "next", "back", "hostname");
    assertThat(play.looks).anyMatch(look -> look.contains("Names 2/4: Own"));
    assertThat(play.lastLook()).contains("doqu: stage");
    play.does("next"); // it is done already
    assertThat(play.lastLook()).contains("Names 3/4: Who");
  }

  /** Without a start the next step relies on what this one has brought about. */
  @ParameterizedTest
  @ValueSource(strings = {"back", "undo", "play; unshare uts; sethostname other"})
  void whoGoesOnFromElsewhereIsWhereTheNextStepBegins(String elsewhere) {
    play.does("lesson", "next", "unshare uts; sethostname box");
    if (elsewhere.equals("back")) {
      play.does("next");
    }
    play.does(elsewhere, "hostname");
    assertThat(play.lastLook()).doesNotContain("doqu: box");
    play.does("next", "hostname");
    assertThat(play.looks).anyMatch(look -> look.contains("Names 3/4: Who"));
    assertThat(play.lastLook()).contains("doqu: box");
  }

  @Test
  void whoGoesOnFromTheGoalKeepsTheStage() {
    play.does("lesson", "next", "unshare uts mnt; sethostname box", "next", "status");
    assertThat(play.lastLook()).contains("mnt");
  }

  /** What went before a step may look like its goal. */
  @Test
  void whoUndoesHisWayToAGoalHasNotReachedIt() throws IOException {
    write("names/lesson.yaml", NAMES.replace("- called: fork", "- hostname: stage"));
    play.does("lesson", "next", "unshare uts; sethostname box", "next", "answer b", "undo");
    assertThat(play.said).last().asString().contains("before where the step begins: reset leads");
    assertThat(play.said).noneMatch(line -> line.equals("reached: hostname of doqu: stage"));
    play.does("redo", "sethostname stage");
    assertThat(play.said).contains("reached: hostname of doqu: stage");
  }

  @Test
  void aGoalIsReachedByWhatReturnsLateToo() throws Exception {
    write("names/lesson.yaml", NAMES.replace("- own: uts\n      - hostname: box", "- exited: 3"));
    play.does("lesson", "next", "fork", "wait", "switch child", "exit 3");
    for (int looks = 0; looks < 250 && !play.said.toString().contains("reached"); looks++) {
      Wake.pause();
      play.session.settle();
    }
    assertThat(play.said).last().isEqualTo("reached: exit status waited for: 3");
  }

  @Test
  void aGoalIsReachedByAnEndToo() throws Exception {
    write("names/lesson.yaml", NAMES.replace("- own: uts\n      - hostname: box", "- zombies: 1"));
    play.does("lesson", "next", "fork", "switch child", "exec /bin/true");
    play.session.finish();
    assertThat(play.said).last().isEqualTo("reached: zombies: 1");
  }

  @Test
  void howAChildEndedIsAGoal() throws Exception {
    write(
        "names/lesson.yaml",
        NAMES.replace("- own: uts\n      - hostname: box", "- killed: SIGTERM"));
    play.does("lesson", "next", "fork", "kill -TERM 3", "wait");
    assertThat(play.said).last().isEqualTo("reached: signal waited for: SIGTERM");
  }

  @Test
  void aStageThatWasEmptiedIsNotWhereTheStepBegins() {
    play.does("lesson", "next", "unshare uts", "exit");
    assertThat(play.said).last().asString().contains("reset leads to where this step begins");
  }

  @Test
  void aFailureIsAGoalAndTheNextLessonFollows() {
    play.does("lesson names", "next", "skip", "next", "answer b", "fork", "next");
    play.errno("sethostname " + "b".repeat(65));
    assertThat(play.said).last().isEqualTo("reached: last step: EINVAL from sethostname");
    play.does("next", "mount -t tmpfs t /mnt");
    assertThat(play.said)
        .endsWith(
            "reached: silent failures told: mount leak",
            "reached: mounted on /mnt of host: something");
    play.does("next");
    assertThat(play.said).last().asString().contains("the last step of the course");
    play.does("review");
    assertThat(play.lastLook()).contains("A namespace begins as a copy.", "It leaks.");
  }

  @Test
  void whoComesBackIsWhereHeWas() throws IOException {
    play.does("lesson", "next", "unshare uts; sethostname box", "next");
    play.close();
    // Meanwhile lessons were added and moved.
    write("course.yaml", COURSE.replace("[names, mounts]", "[mounts, other]"));
    write("other/lesson.yaml", NAMES);
    write("other/en.yaml", NAMES_TEXT);
    play = begins();
    play.does("lesson", "hostname");
    assertThat(play.looks).first().asString().contains("Names 3/4: Who");
    assertThat(play.lastLook()).contains("doqu: box");
    play.does("where");
    assertThat(play.lastLook()).contains("  mounts", "* other           2/4");
  }

  @Test
  void aClassHasNoSkipAndNotTheLastHint() throws IOException {
    write("course.yaml", COURSE + "locked: true\n");
    play.does("lesson", "next");
    assertThat(play.lastLook()).contains("hint helps, next goes on").doesNotContain("skip");
    assertThat(refused("next")).isEqualTo("the goal is not reached: hint helps");
    assertThat(refused("skip")).contains("locked");
    play.does("hint", "hint", "hint");
    assertThat(play.lastLook()).isEqualTo("hint 2 of 2: a concept");
    play.does("unshare uts; sethostname box", "next"); // where the last hint is the only one
    assertThat(refused("hint")).isEqualTo("the last hint is locked in this course");
  }

  /** Who meant to lock it must not find out by a learner who skips. */
  @ParameterizedTest
  @ValueSource(strings = {"yes", "maybe", "\"true\"", "''", "1", "[true]"})
  void aClassIsLockedOrItIsToldThatItIsNot(String locked) throws IOException {
    write("course.yaml", COURSE + "locked: " + locked + "\n");
    assertThat(refused("lesson")).contains("course.yaml:4: ");
  }

  @Test
  void withoutALessonItsWordsSaySo() {
    for (String word : List.of("next", "back", "hint", "skip", "play", "where", "review")) {
      assertThat(refused(word)).contains("'" + word + "' is for lessons");
    }
    play.does("lesson");
    assertThat(refused("lesson nmaes")).isEqualTo("unknown lesson 'nmaes'; did you mean 'names'?");
  }

  private Attainment attainment(Progress kept) {
    return new Attainment(Course.of(Source.folder(lessons), ""), kept);
  }

  private Progress kept() {
    return Progress.of(folder.resolve("progress/test"));
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Two doqus, each with a memory of its own. */
  @Test
  void whoWritesLastKeepsWhatTheOtherHasWritten() throws IOException {
    Progress one = kept();
    Progress other = kept();
    one.moves("names", "own-uts");
    one.does("read-it");
    other.isShownNow("own-uts");
    assertThat(progress()).contains("at names own-uts");
    one.does("too-long");
    other.moves("mounts", "leak");
    assertThat(progress().lines())
        .containsExactlyInAnyOrder(
            "done read-it", "done too-long", "shown own-uts", "at mounts leak");
    one.does("who-hears");
    assertThat(progress()).contains("at names own-uts", "shown own-uts", "done who-hears");
    assertThat(folder.resolve("progress").toFile().list())
        .containsExactlyInAnyOrder("test", "test.lock");
  }

  /** Whoever is killed in the midst of writing leaves the file as it was. */
  @Test
  void progressIsWrittenBesideAndPutInPlace() throws IOException {
    kept().does("read-it");
    Path before = folder.resolve("before");
    Files.createLink(before, folder.resolve("progress/test"));
    kept().does("own-uts");
    assertThat(before).hasContent("done read-it");
    assertThat(progress()).isEqualTo("done read-it\ndone own-uts\n");
  }

  @Test
  void oneDoquAtATimeWrites() throws Exception {
    kept().does("read-it");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                folder.resolve("progress/test.lock").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader says = other.inputReader()) {
      assertThat(says.readLine()).isEqualTo("held");
      Thread writer = new Thread(() -> kept().does("own-uts"));
      writer.start();
      writer.join(300);
      assertThat(progress()).isEqualTo("done read-it\n");
      other.getOutputStream().close();
      writer.join();
      assertThat(progress()).isEqualTo("done read-it\ndone own-uts\n");
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aTeacherSeesWhatWasShown() throws IOException {
    kept().does("read-it");
    kept().isShownNow("own-uts");
    kept().isShownNow("leak");
    kept().does("leak");
    assertThat(attainment(kept()).json())
        .contains("\"steps\":4,\"done\":[\"read-it\"],\"shown\":[\"own-uts\"]")
        .contains("\"steps\":1,\"done\":[\"leak\"],\"shown\":[]");
  }

  @Test
  void linesOfANewerDoquStay() throws IOException {
    Files.createDirectories(folder.resolve("progress"));
    Files.writeString(folder.resolve("progress/test"), "version 9\ndone own-uts\nstars 3 5 8\n");
    Progress kept = kept();
    kept.does("read-it");
    assertThat(progress()).isEqualTo("done own-uts\ndone read-it\nversion 9\nstars 3 5 8\n");
    assertThat(attainment(kept).export()).containsExactly("done own-uts", "done read-it");
  }

  @Test
  void progressIsReplacedByProgressInThisCourseAlone() throws IOException {
    kept().does("read-it");
    refused("", "there is no progress in 'f'");
    refused("\n", "there is no progress in 'f'");
    refused("done x\nat y z\n", "'f' is of another course: this one has none of its steps");
    refused("done \u00e4\n", "'f' cannot be read: it is not text in UTF-8");
    refused("done read-it\n".repeat(1 << 17), "'f' tells of no progress: it is larger than 1 MiB");
    assertThat(progress()).isEqualTo("done read-it\n");
    assertThat(attainment(kept()).read(text("done own-uts\nshown leak\ndone x\n"), "f"))
        .isEqualTo("2 steps done, before 1");
    assertThat(progress()).isEqualTo("done own-uts\ndone x\nshown leak\n");
    assertThat(attainment(kept()).read(text("at names read-it\n"), "f"))
        .isEqualTo("0 steps done, before 2");
  }

  private void refused(String text, String says) {
    assertThatThrownBy(() -> attainment(kept()).read(text(text), "f"))
        .isInstanceOf(Mistake.class)
        .hasMessage(says);
  }

  @Test
  void whatIsThereNoMoreIsNotWhereTheLearnerIs() throws IOException {
    kept().moves("gone", "own-uts");
    assertThat(attainment(kept()).json()).contains("\"lesson\":\"names\",\"step\":\"own-uts\"");
    kept().moves("mounts", "own-uts"); // the step was moved to another lesson
    assertThat(attainment(kept()).json()).contains("\"lesson\":\"names\",\"step\":\"own-uts\"");
    kept().moves("names", "gone");
    assertThat(attainment(kept()).json()).contains("\"lesson\":\"\",\"step\":\"\"");
  }

  @Test
  void progressThatCannotBeKeptSaysWhy() throws IOException {
    Path file = Files.writeString(folder.resolve("progress"), "a file");
    assertThat(refused("lesson"))
        .isEqualTo(
            "your progress in '%s/test' cannot be read: Not a directory; move it away to begin anew"
                .formatted(file));
    Files.delete(file);
    play.does("lesson");
    for (String aside : folder.resolve("progress").toFile().list()) {
      Files.delete(folder.resolve("progress").resolve(aside));
    }
    Files.createDirectory(folder.resolve("progress/test.lock"));
    play.session.line("next");
    assertThat(play.mistakes)
        .last()
        .isEqualTo("your progress cannot be kept in '%s/test': Is a directory".formatted(file));
  }

  /** As an editor may leave it that writes in Latin 1. */
  @Test
  void progressThatIsNoTextIsNotTouched() throws IOException {
    Files.createDirectories(folder.resolve("progress"));
    byte[] broken = "done read-it\ndone \u00e4\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(folder.resolve("progress/test"), broken);
    assertThat(refused("lesson")).endsWith("it is not text in UTF-8; move it away to begin anew");
    assertThat(refused("next")).contains("is for lessons");
    assertThat(folder.resolve("progress/test")).hasBinaryContent(broken);
  }

  /** It would be written over. */
  @Test
  void progressThatCannotBeReadIsNotTakenForNone() throws IOException {
    Files.createDirectories(folder.resolve("progress/test"));
    assertThat(refused("lesson")).contains("your progress in '", "cannot be read");
    assertThat(folder.resolve("progress/test")).isDirectory();
  }

  /** A full disk is told of once, and not at every step. */
  @Test
  void thatProgressCannotBeKeptIsToldOnce() throws IOException {
    play.does("lesson");
    Files.delete(folder.resolve("progress/test.lock"));
    Files.createDirectory(folder.resolve("progress/test.lock"));
    play.session.line("next");
    play.session.line("skip");
    play.session.line("next");
    assertThat(play.mistakes).hasSize(1);
    Files.delete(folder.resolve("progress/test.lock"));
    play.does("back");
    assertThat(progress()).contains("done read-it", "shown own-uts", "at names own-uts");
  }

  @Test
  void whatIsAtFaultIsNotInTheWayOfTheRest() throws IOException {
    play.does("lesson mounts");
    play.close();
    write("names/lesson.yaml", "steps: [");
    play = begins();
    play.does("lesson", "where");
    assertThat(play.lastLook())
        .startsWith("  names          at fault: names/lesson.yaml:1: this is no YAML: ")
        .contains("* mounts          0/1   Mounts");
    play.does("skip", "review");
    assertThat(play.lastLook()).contains("It leaks.");
    assertThat(refused("back")).contains("names/lesson.yaml:1: this is no YAML");
    assertThat(refused("lesson names")).contains("names/lesson.yaml:1: this is no YAML");
    play.close();
    Files.delete(folder.resolve("progress/test"));
    play = begins();
    assertThat(refused("lesson names")).contains("names/lesson.yaml:1: this is no YAML");
    play.does("lesson mounts");
  }

  @Test
  void whoseLessonIsAtFaultIsToldAndNotLedElsewhere() throws IOException {
    kept().moves("mounts", "leak");
    write("mounts/lesson.yaml", "steps: [");
    assertThat(refused("lesson")).contains("mounts/lesson.yaml:1: this is no YAML");
    assertThat(progress()).isEqualTo("at mounts leak\n");
  }

  @Test
  void aFaultOfTheCourseIsNotTheLearners() throws IOException {
    write("names/lesson.yaml", NAMES.replace("own: uts", "own: utz"));
    assertThat(refused("lesson"))
        .isEqualTo("a fault of the course, not yours: names/lesson.yaml:7: 'utz' is no namespace");
  }

  @Test
  void theLanguageIsTheOneTheEnvironmentAsksFor() {
    Map<String, String> set = new HashMap<>(Map.of("LC_ALL", "", "LANG", "de_AT.UTF-8"));
    assertThat(Classroom.language(set::get)).isEqualTo("de");
    set.put("LC_MESSAGES", "fr");
    assertThat(Classroom.language(set::get)).isEqualTo("fr");
    set.put("LC_ALL", "C.UTF-8");
    assertThat(Classroom.language(set::get)).isEqualTo("C");
    assertThat(Classroom.language(name -> null)).isEmpty();
  }

  @Test
  void aTranslationIsShownToWhomItIsFor() throws Exception {
    write("names/de.yaml", NAMES_TEXT.replace("Some words.", "Ein paar Worte."));
    assertThat(problems())
        .containsExactly(
            "names/de.yaml:1: 'languages' in course.yaml does not list it",
            "4 goals proven, 1 problem");
    assertThat(firstPage("de")).contains("Some words.");
    write("course.yaml", COURSE.replace("[en]", "[en, de]"));
    assertThat(problems())
        .contains("course.yaml:2: there is no file 'mounts/de.yaml'")
        .noneMatch(told -> told.contains("does not list"));
    assertThat(firstPage("de")).contains("Ein paar Worte.");
    assertThat(firstPage("fr")).contains("Some words.");
    write("course.yaml", COURSE.replace("[en]", "[de, en]"));
    assertThat(firstPage("fr")).contains("Ein paar Worte.");
  }

  private String firstPage(String language) {
    try (Play reader = new Play()) {
      reader.session.attend(
          new Classroom(Source.folder(lessons), language, folder.resolve("progress")));
      reader.does("lesson names");
      return reader.lastLook();
    }
  }

  @Test
  void theProofFindsWhatAnAuthorGetsWrong() throws Exception {
    assertThat(problems()).containsExactly("4 goals proven, no problems");
    finds(NAMES, "kind: do", "kind: dou", "names/lesson.yaml:5: unknown kind of step 'dou'");
    finds(NAMES, "own: uts", "hots: uts", "names/lesson.yaml:7: unknown field 'hots'");
    finds(NAMES, "- own: uts", "- {own: uts, call: x}", "names/lesson.yaml:7: 'call' has no");
    finds(NAMES, "own: uts", "children: uts", "names/lesson.yaml:7: children are born into the");
    finds(
        NAMES, "id: who-hears", "id: own-uts", "names/lesson.yaml:12: the step 'own-uts' is there");
    finds(
        NAMES,
        "hostname: box",
        "hostname: stage",
        "is not at its goal after its solution: hostname of");
    finds(NAMES, "[unshare uts, sethostname box]", "unshre uts", "'own-uts' has a command 'unshre");
    finds(
        NAMES,
        "start: [unshare uts]",
        "start: [sethostnam x]",
        "'too-long' has a command 'sethostnam x'");
    finds(
        NAMES,
        "own: uts\n      - hostname: box",
        "shared: uts",
        "is at its goal already when it starts");
    finds(NAMES, "steps:", "stpes:", "names/lesson.yaml:1: unknown field 'stpes'");
    finds(NAMES, "- id: read-it", "- id: [", "names/lesson.yaml:4: this is no YAML");
  }

  /** None of them could ever hold, and the learner would be told that it does not yet. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "called: unshre ~ unknown system call 'unshre'; did you mean 'unshare'?",
        "{errno: EPERM, call: nmount} ~ unknown system call 'nmount'",
        "killed: SIGKIL ~ 'SIGKIL' is no signal",
        "{own: uts, who: Focus} ~ 'Focus' is nobody",
        "{own: uts, who: ''} ~ '' is nobody",
        "propagation: rprivate ~ unknown propagation 'rprivate'; did you mean 'private'?",
        "propagation: 'slave,shared' ~ unknown propagation 'slave,shared'",
        "{propagation: shared, at: ''} ~ a path has to stand here",
        "alive: -1 ~ '-1' is never found",
        "notice: mount leek ~ unknown silent failure 'mount leek'; did you mean 'mount leak'?",
        "sees: '' ~ a path has to stand here",
        "misses: $ROOTFS/$HOME ~ '$HOME' has no meaning in a path",
        "cwd: $ROOTFSX/bin ~ '$ROOTFSX' has no meaning in a path",
        "mounted: $ ~ '$' has no meaning in a path",
        "unmounted: '' ~ a path has to stand here",
        "exited: -2 ~ '-2' is never found",
        "mounts: changed ~ the mounts of the host are 'unchanged'",
        "gone: host ~ the name of an actor has to stand here",
        "{errno: EPERM, needed: it is empty} ~ 'call' is missing",
        "{errno: EINVAL, call: rmdir, needed: it is empty} ~ unknown need of a call 'rmdir' that",
        "{errno: ENOTEMPTY, call: rmdir, needed: it is empy} ~ unknown need of a call 'rmdir' that fails with ENOTEMPTY 'it is empy'; did you mean 'it is empty'?",
      })
  void aConditionThatCannotHoldIsAFault(String condition, String problem) throws Exception {
    write("names/lesson.yaml", NAMES.replace("own: uts\n", "pid: 1\n      - " + condition + "\n"));
    assertThat(refused("lesson")).contains("not yours: names/lesson.yaml:8: " + problem);
  }

  /** The table of the failures, and what the classes tell of, are not to differ. */
  @Test
  void everySilentFailureThatIsToldCanBeAskedFor() throws IOException {
    Set<String> told = new TreeSet<>();
    Pattern made = Pattern.compile("new Notice\\(\\s*\"([^\"]+)\"");
    try (Stream<Path> files = Files.list(Path.of("src/main/java/doqu/step"))) {
      for (Path file : files.toList()) {
        made.matcher(Files.readString(file)).results().map(one -> one.group(1)).forEach(told::add);
      }
    }
    assertThat(Notices.FAILURES).containsExactlyInAnyOrderElementsOf(told);
    assertThat(Files.readString(Path.of("LESSONS.md")).replaceAll("\\s+", " "))
        .contains(told.stream().map(failure -> "`" + failure + "`").toList());
  }

  /** They become names of files, and words in a line of progress. */
  @Test
  void aNameIsOneEverywhere() throws Exception {
    for (String name : List.of("../x", "a b", "A", "ä", "-x", "''", "a/b", "a_b")) {
      finds(NAMES, "id: own-uts", "id: " + name, "names/lesson.yaml:4: '");
      for (String field : List.of("id: test", "languages: [en", "lessons: [names")) {
        write("course.yaml", COURSE.replace(field, field.replaceFirst("\\w+$", name)));
        assertThat(problems()).first().asString().matches("course.yaml:\\d: .* is no name: .*");
      }
      write("course.yaml", COURSE);
    }
    finds(NAMES, "id: own-uts", "id: title", "names/lesson.yaml:4: 'title' is no name of a step");
  }

  private void finds(String file, String right, String wrong, String problem) throws Exception {
    assertThat(file).contains(right);
    write("names/lesson.yaml", file.replace(right, wrong));
    assertThat(problems()).as(wrong).anyMatch(told -> told.contains(problem));
    write("names/lesson.yaml", file);
  }

  @Test
  void theProofReadsTheTextsToo() throws Exception {
    says("  title: Own\n", "", "names/en.yaml:4: 'title' is missing");
    says("too-long:", "too-lang:", "names/en.yaml:1: the text of 'too-long' is missing");
    says(
        "a shape",
        "'type sethostname box'",
        "names/en.yaml:6: a hint gives the solution away: 'sethostname box'");
    says("hints: [think]", "hints: []", "a step with a goal needs hints");
    says("choices: {a: all, b: the child}", "choices: {a: all}", "the answer 'b' is none of");
    says(
        "say: Some words.",
        "say: \"" + "x\\n\\n".repeat(30) + "\"",
        "names/en.yaml:2: the page of 'read-it' has");
  }

  private void says(String right, String wrong, String problem) throws Exception {
    assertThat(NAMES_TEXT).contains(right);
    write("names/en.yaml", NAMES_TEXT.replace(right, wrong));
    assertThat(problems()).as(wrong).anyMatch(told -> told.contains(problem));
    write("names/en.yaml", NAMES_TEXT);
  }
}
