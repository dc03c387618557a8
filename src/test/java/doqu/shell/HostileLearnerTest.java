package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Actor;
import doqu.kernel.Libc;
import doqu.kernel.Signals;
import doqu.observe.ProcStatus;
import doqu.testing.Syscall;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A learner who turns on doqu's own processes with nothing but the prompt. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HostileLearnerTest {
  @Test
  void speaksInThePlaceOfAnotherActor() throws Exception {
    try (Play play = new Play()) {
      Actor victim = play.session.stage().focus();
      play.does("fork attacker", "fork witness", "switch attacker");
      sendOn(play, victim, "'not an answer'");
      play.does("switch doqu");

      assertThat(play.session.line("sethostname taken")).isFalse();
      assertThat(play.last().notes())
          .singleElement()
          .asString()
          .isEqualTo(
              "doqu (PID %d on the machine) was ended: it spoke without being asked", victim.pid());
      assertThat(victim.hasEnded()).isTrue();
      play.does("switch witness", "sethostname free", "hostname", "host hostname");
      assertThat(play.looks.get(0)).contains("free");
    }
  }

  @Test
  void speaksInThePlaceOfPidOne() throws Exception {
    try (Play play = new Play()) {
      Actor init = play.session.stage().init();
      sendOn(play, init, "'not an answer'");
      assertThat(play.session.line("host hostname")).isFalse();
      assertThat(play.mistakes)
          .singleElement()
          .asString()
          .isEqualTo(
              "stage (PID %d on the machine) was ended: it spoke without being asked", init.pid());
      aFreshStageBegins(play, init);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Closes the socket over which PID 1 is driven: it leaves, and everything with it.
        "syscall pidfd_open 1 0; syscall pidfd_getfd 3 CONTROL 0; syscall shutdown 4 2",
        // In a PID namespace this ends its PID 1, reboot(2).
        "syscall reboot 0xfee1dead 672274793 0x1234567"
      })
  void endsPidOneFromInside(String attack) throws Exception {
    try (Play play = new Play()) {
      Actor init = play.session.stage().init();
      play.session.line(attack.replace("CONTROL", Integer.toString(control(init))));
      aFreshStageBegins(play, init);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isNotNeededToEndPidOne(boolean outerLayersToo) throws Exception {
    try (Play play = new Play()) {
      Actor init = play.session.stage().init();
      play.does("fork", "wait");
      Libc.kill(outerLayersToo ? parent(init.pid()) : init.pid(), Signals.SIGKILL);
      aFreshStageBegins(play, init);
    }
  }

  @Test
  void mayGoOnWhenTheActorThatLaysFilesIsKilled() throws Exception {
    try (Play play = new Play()) {
      Actor outer = play.session.stage().outer();
      Libc.kill(outer.pid(), Signals.SIGKILL);
      Libc.poll(5000, outer.pidfd());
      assertThat(play.session.line("mkdir $ROOTFS/x")).isFalse();
      assertThat(play.mistakes).singleElement().asString().endsWith("has ended");
      play.does("fork", "switch child", "sethostname x");
    }
  }

  private static int parent(int pid) {
    return Integer.parseInt(ProcStatus.of(pid).orElseThrow().get("PPid"));
  }

  private static void aFreshStageBegins(Play play, Actor oldInit) {
    Libc.poll(5000, oldInit.pidfd()); // it is gone when all in its namespace are
    play.session.settle();
    assertThat(play.said).filteredOn(line -> line.contains("fresh")).hasSize(1);
    assertThat(play.said).noneMatch(line -> line.contains("\n"));
    assertThat(play.session.stage().init()).isNotSameAs(oldInit);
    play.does("sethostname anew", "hostname");
    assertThat(play.lastLook()).contains("anew");
    play.does("fork", "switch child", "mkdir $ROOTFS/x");
  }

  private static int control(Actor actor) {
    return Syscall.descriptors(actor.pid()).max().orElseThrow();
  }

  private static void sendOn(Play play, Actor victim, String words) {
    int pid = ProcStatus.of(victim.pid()).orElseThrow().pidAt(victim.stageLevel());
    long pidfd = returned(play, "syscall pidfd_open " + pid + " 0");
    long socket = returned(play, "syscall pidfd_getfd " + pidfd + " " + control(victim) + " 0");
    play.does("syscall sendto " + socket + " " + words + " 8 0 NULL 0");
  }

  private static long returned(Play play, String line) {
    return play.does(line).last().syscalls().get(0).ret();
  }
}
