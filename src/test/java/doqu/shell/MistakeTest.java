package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input changes nothing and gets one line that names the word and the nearest valid one. */
class MistakeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "unshar uts | unknown command 'unshar'; did you mean 'unshare'?",
        "unshare utz | unknown namespace 'utz'; did you mean 'uts'?",
        "unshare -x | unknown option '-x'; there are -C -i -m -n -p -T -U -u",
        "mount --make-rprivat / | unknown option '--make-rprivat'; did you mean '--make-rprivate'?",
        "mount / | something is missing: mount",
        "chdir | something is missing: chdir DIRECTORY",
        "chdir a b | 'b' is too much: chdir DIRECTORY",
        "kill abc | 'abc' is not a PID",
        "kill -KIL 1 | unknown signal 'KIL'; did you mean 'KILL'?",
        "caps drop cap_sys_admn | did you mean 'CAP_SYS_ADMIN'?",
        "syscall unshar 0 | did you mean 'unshare'?",
        "syscall clone3 0 0 | use fork or clone",
        "setns | something is missing: setns PID|ACTOR|FILE [NAMESPACE...]",
        "setns doqu | something is missing: setns doqu NAMESPACE...",
        "setns nobody uts | unknown actor 'nobody'",
        "mount --make-private --make-shared / | is too much: one propagation at a time",
        "umount | something is missing: umount [-l] [-f] TARGET",
        "umount -x / | unknown option '-x'",
        "pivot_root . | something is missing: pivot_root NEW_ROOT PUT_OLD",
        "sethostname a b | 'b' is too much: sethostname NAME",
        "setuid me | 'me' is not an id",
        "setgid 4294967296 | '4294967296' is not an id",
        "fork 1 | '1' is no name",
        "wait 1 2 | '2' is too much",
        "wait one | 'one' is not a PID",
        "exit now | 'now' is not an exit status",
        "env NAME | 'NAME' is not NAME=VALUE",
        "env -u | option -u needs a value",
        "caps raze all | unknown word 'raze'; did you mean 'raise'?",
        "write x | something is missing: write FILE TEXT",
        "syscall | something is missing: syscall CALL [ARG...]",
        "syscall getpid 1 2 3 4 5 6 7 | '7' is too much",
        "syscall unshare CLONE_NEWUT | unknown constant 'CLONE_NEWUT'; did you mean 'CLONE_NEWUTS'?",
        "syscall read 0 out:0 1 | 'out:0'",
        "syscall write 1 hex:zz 1 | 'hex:zz' is not pairs of hexadecimal digits",
        "syscall clone CLONE_VM | 'CLONE_VM': an actor cannot share",
        "cat | something is missing: cat FILE",
        "cat /no/such | /no/such: ENOENT (No such file or directory)",
        "ls /no/such | /no/such: ENOENT",
        "status now | 'now' is too much: status",
        "attach | no program runs that could be attached",
        "attach doqu | 'doqu' runs no program with a terminal",
        "host | something is missing: host LOOK",
        "caps foo | something is missing: caps drop|raise all|CAPABILITY...",
        "caps foo all | unknown word 'foo'",
        "kill -1 | something is missing: kill [-SIGNAL|-s SIGNAL] PID",
        "kill -9 | something is missing: kill [-SIGNAL|-s SIGNAL] PID",
        "quit now | 'now' is too much: quit",
        "help a b | 'b' is too much: help [COMMAND]",
        "attach a b | 'b' is too much: attach [ACTOR|PID]",
        "switch a b | 'b' is too much: switch child|parent|ACTOR|PID",
        "fork child | 'child' is no name",
        "fork parent | 'parent' is no name",
        "mount -t tmpfs -t proc x /tmp | option -t is there twice: 'proc'",
        "mount --make-private -o ro / | --make-private takes no other option",
        "syscall clone CLONE_FS 5 | '5' is too much: clone takes its flags here, and zeros",
        "echo 'a | the quote ' is not closed",
        "chdir $ROOT | unknown variable '$ROOT'",
        "switch nobody | unknown actor 'nobody'",
        "switch child | 'child': doqu has none that lives",
        "mkdir -m 9 x | '9' is not an octal mode",
        "host unshare | unknown look 'unshare'",
        "both | something is missing: both LOOK",
        "both hostnam | unknown look 'hostnam'; did you mean 'hostname'?",
        "both ns now | 'now' is too much: ns",
        "both cat /no/such | /no/such: ENOENT",
        "diff --steps | something is missing: diff --steps N [N]",
        "diff -s 1 2 | '1' is no step that was taken: there are none",
        "diff -s doqu 2 | 'doqu' is not the number of a step",
        "diff -s 0 0 | '0' does not differ from itself",
        "diff -s 0 1 2 | '2' is too much: diff",
        "diff -l -s 1 2 | '--last' is too much",
        "help unshar | unknown command 'unshar'; did you mean 'unshare'?"
      })
  void isToldInOneLine(String line, String why) throws Exception {
    try (Play play = new Play()) {
      play.does("status");
      assertThat(play.session.line(line)).isFalse();
      assertThat(play.mistakes).singleElement().asString().contains(why).doesNotContain("\n");
      assertThat(play.steps).isEmpty();
      play.does("status");
      assertThat(play.looks.get(1)).isEqualTo(play.looks.get(0));
    }
  }

  @Test
  void anArgumentTooLongForAnActorIsRefused() throws Exception {
    try (Play play = new Play()) {
      assertThat(play.session.line("chdir " + "x".repeat(1 << 20))).isFalse();
      assertThat(play.mistakes)
          .singleElement()
          .asString()
          .startsWith("chdir: its arguments are longer");
      play.does("status");
    }
  }
}
