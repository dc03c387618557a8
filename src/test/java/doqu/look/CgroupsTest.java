package doqu.look;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.observe.Mount;
import doqu.testing.NeedsOrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines with other cgroups than this one: folders that look like theirs. */
class CgroupsTest {
  @TempDir Path temp;
  private Path group;

  @BeforeEach
  void aGroup() throws IOException {
    group = Files.createDirectories(temp.resolve("user.slice/doqu.scope"));
    for (Path folder : List.of(temp, group)) {
      Files.writeString(folder.resolve("cgroup.procs"), "");
      Files.writeString(folder.resolve("cgroup.subtree_control"), "");
    }
    Files.writeString(group.resolve("cgroup.controllers"), "cpu io memory pids\n");
  }

  private Mount mount(String type, String root) {
    return new Mount(1, 0, "0:1", root, temp.toString(), "rw", "private", "", "", type, type, "rw");
  }

  private Finding check(String own, Mount... mounts) {
    return Cgroups.check(List.of(mounts), List.of("1:cpu:/elsewhere", "0::" + own));
  }

  @Test
  void aGroupThatIsDelegated() {
    Finding ok = Finding.ok("cgroups", "version 2, " + group + " has cpu io memory pids");
    assertThat(check("/user.slice/doqu.scope", mount("cgroup2", "/"))).isEqualTo(ok);
    assertThat(check("/docker/1/user.slice/doqu.scope", mount("cgroup2", "/docker/1")))
        .isEqualTo(ok);
  }

  @Test
  @NeedsOrdinaryUser
  void aGroupOfSomebodyElse() throws IOException {
    Path control = group.resolve("cgroup.subtree_control");
    Files.setPosixFilePermissions(control, PosixFilePermissions.fromString("r--r--r--"));
    assertThat(check("/user.slice/doqu.scope", mount("cgroup2", "/")).line())
        .startsWith("limited")
        .contains("cpu io memory pids, but cannot be written to: " + control + "; systemd-run ");
  }

  @Test
  void controllersThatAreNotThere() throws IOException {
    Files.writeString(group.resolve("cgroup.controllers"), "\n");
    assertThat(check("/user.slice/doqu.scope", mount("cgroup2", "/")).line())
        .startsWith("limited")
        .contains("version 2, " + group + " has no controllers; systemd-run ");
    Files.writeString(group.resolve("cgroup.controllers"), "hugetlb\n");
    assertThat(check("/user.slice/doqu.scope", mount("cgroup2", "/"), mount("cgroup", "/")).line())
        .contains("hybrid, version 2 in " + group + " has hugetlb; boot ");
  }

  @Test
  void versionOneAndNone() throws IOException {
    assertThat(check("/", mount("cgroup", "/")).line()).contains("version 1 only; boot ");
    Files.delete(temp.resolve("cgroup.procs")); // something else is mounted there now
    assertThat(check("/", mount("cgroup", "/"), mount("cgroup2", "/")).line())
        .contains("none mounted; as root: mount ");
  }
}
