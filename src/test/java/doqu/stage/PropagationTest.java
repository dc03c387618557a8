package doqu.stage;

import static doqu.testing.Syscall.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import doqu.actor.Actor;
import doqu.kernel.Flags;
import doqu.testing.NeedsRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * No mount goes in or out, on a machine whose mounts are all shared, as systemd makes them.
 *
 * <p>Such a machine is one thread here that has left for a mount namespace of its own; its children
 * are born there, the stage among them.
 */
@NeedsRoot
class PropagationTest {
  private static final Path MOUNTS = Path.of("/proc/thread-self/mountinfo");

  private interface Story {
    void tell(Stage stage, Actor root) throws Exception;
  }

  @Test
  void aMountMadeOutsideLaterDoesNotArrive() throws Exception {
    onASharedMachine(
        (stage, root) -> {
          libc("mount", "late", "/srv", "tmpfs", 0L, null);
          assertThat(Files.readString(MOUNTS)).contains(" /srv ");
          for (Actor inside : new Actor[] {root, stage.init(), stage.outer()}) {
            assertThat(Files.readString(Path.of("/proc/" + inside.pid() + "/mountinfo")))
                .as(inside.name())
                .doesNotContain(" late ");
          }
        });
  }

  @Test
  void aMountMadeInsideDoesNotArriveOutside() throws Exception {
    onASharedMachine(
        (stage, root) -> {
          String before = Files.readString(MOUNTS);
          value(root, "mount", "leak", "/usr", "tmpfs", 0, 0);
          value(root, "mount", "none", "/", 0, Flags.MS_REC | Flags.MS_SHARED, 0);
          value(root, "mount", "leak", "/etc", "tmpfs", 0, 0);
          assertThat(Files.readString(MOUNTS)).isEqualTo(before);
        });
  }

  private static void onASharedMachine(Story story) throws Exception {
    CompletableFuture<Void> told = new CompletableFuture<>();
    Thread machine =
        new Thread(
            () -> {
              try {
                libc("unshare", Flags.CLONE_NEWNS);
                libc("mount", "none", "/", null, Flags.MS_REC | Flags.MS_SHARED, null);
                try (Stage stage = Stage.start()) {
                  story.tell(stage, stage.focus());
                }
                told.complete(null);
              } catch (Throwable t) {
                told.completeExceptionally(t);
              }
            });
    machine.start();
    told.get(20, TimeUnit.SECONDS);
  }

  private static void libc(String name, Object... args) {
    Function function = NativeLibrary.getProcess().getFunction(name);
    assertThat(function.invokeInt(args)).as(name).isZero();
  }
}
