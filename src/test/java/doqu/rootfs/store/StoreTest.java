package doqu.rootfs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doqu.rootfs.archive.CraftedTar;
import doqu.rootfs.archive.Packing;
import doqu.stage.Enclosure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name is there with all that belongs to it, or it is not there. */
class StoreTest {
  @TempDir Path folder;

  private Store store;

  @BeforeEach
  void makeStore() {
    store = new Store(folder.resolve("store"));
  }

  private static Store.Filling of(CraftedTar tar) {
    return of(tar.bytes());
  }

  private static Store.Filling of(byte[] tar) {
    return place -> Import.archive(new ByteArrayInputStream(tar), place);
  }

  private static CraftedTar text(String text) {
    return new CraftedTar().directory("etc").file("etc/hostname", text);
  }

  private List<String> trees() throws IOException {
    try (Stream<Path> trees = Files.list(folder.resolve("store/trees"))) {
      return trees.map(tree -> tree.getFileName().toString()).toList();
    }
  }

  @Test
  void whatIsPutThereIsThere() throws Exception {
    assertThat(store.names()).isEmpty();
    Stored stored = store.put("box", false, "a test", of(text("box")));
    assertThat(stored.items()).isEqualTo(2);
    assertThat(stored.bytes()).isEqualTo(3);
    assertThat(store.all()).containsExactly(stored);
    assertThat(stored.rootfs().resolve("etc/hostname")).hasContent("box");
    assertThat(Store.changes(stored)).isEmpty();
  }

  @Test
  void nobodyElseMayLookIntoIt() throws Exception {
    store.put("box", false, "a test", of(text("box")));
    assertThat(Files.getPosixFilePermissions(folder.resolve("store")))
        .extracting(Enum::name)
        .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE", "OWNER_EXECUTE");
  }

  @Test
  void aNameIsReplacedOnlyWhenThatIsWanted() throws Exception {
    store.put("box", false, "a test", of(text("one")));
    assertThatThrownBy(() -> store.put("box", false, "a test", of(text("two"))))
        .isInstanceOf(StoreException.class)
        .hasMessage("'box' is in the store already; -f replaces it");
    assertThat(store.get("box").rootfs().resolve("etc/hostname")).hasContent("one");
    store.put("box", true, "a test", of(text("two")));
    assertThat(store.get("box").rootfs().resolve("etc/hostname")).hasContent("two");
    assertThat(trees()).hasSize(1);
  }

  @Test
  void whatFailsLeavesTheStoreAsItWas() throws Exception {
    store.put("box", false, "a test", of(text("one")));
    byte[] cut = text("two").unended();
    assertThatThrownBy(() -> store.put("box", true, "a test", of(cut)))
        .hasMessage("it ends in the middle: it is cut off");
    assertThat(store.get("box").rootfs().resolve("etc/hostname")).hasContent("one");
    assertThat(trees()).hasSize(1);
  }

  @Test
  void whatWasBegunAndNeverFinishedIsRemovedByTheNext() throws Exception {
    store.put("box", false, "a test", of(text("one")));
    Path left = Files.createDirectories(folder.resolve("store/trees/abc/lower/rootfs/x"));
    Files.writeString(left.resolve("y"), "half");
    Files.writeString(folder.resolve("store/.box.json12.tmp"), "half");
    store.put(
        "other",
        false,
        "a test",
        place -> {
          assertThat(trees()).as("it makes room first").doesNotContain("abc").hasSize(2);
          return of(text("two")).fill(place);
        });
    assertThat(trees()).hasSize(2);
    assertThat(folder.resolve("store/.box.json12.tmp")).doesNotExist();
    store.remove("other");
    assertThat(trees()).hasSize(1);
    assertThat(store.names()).containsExactly("box");
  }

  @Test
  void oneThatIsUsedIsNotRemoved() throws Exception {
    Stored stored = store.put("box", false, "a test", of(text("one")));
    try (Use use = store.use(stored)) {
      assertThat(use.stored()).isEqualTo(stored);
      assertThatThrownBy(() -> store.remove("box"))
          .hasMessage("'box' is in use; rootfs use machine leaves it");
      store.put("box", true, "a test", of(text("two")));
      assertThat(stored.rootfs().resolve("etc/hostname")).hasContent("one");
    }
    store.remove("box");
    assertThat(store.names()).isEmpty();
    assertThat(trees()).isEmpty();
  }

  @Test
  void whatHasChangedIsTold() throws Exception {
    Stored stored =
        store.put("box", false, "a test", of(text("one").file("a b", "x").symlink("l", "etc")));
    assertThat(Store.changes(stored)).isEmpty();
    Files.writeString(stored.rootfs().resolve("etc/hostname"), "two");
    Files.delete(stored.rootfs().resolve("a b"));
    Files.delete(stored.rootfs().resolve("l"));
    Files.createSymbolicLink(stored.rootfs().resolve("l"), Path.of("usr"));
    Files.writeString(stored.rootfs().resolve("new"), "");
    List<String> changes = Store.changes(stored);
    assertThat(changes)
        .contains("a\\040b: gone", "etc/hostname: another time, content", "new: new");
    assertThat(changes).anyMatch(line -> line.matches("l: another .*content"));
  }

  @Test
  void namesAreThoseOfFiles() throws Exception {
    for (String name : List.of("", ".box", "a/b", "..", "Box", "a b", "machine", "x".repeat(64))) {
      assertThatThrownBy(() -> store.put(name, false, "a test", of(text("one"))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("'" + name + "'");
    }
    assertThatThrownBy(() -> store.get("box"))
        .hasMessage("there is no root file system 'box' in the store");
  }

  @Test
  void whatTheStoreSaysNeedNotBeTrue() throws Exception {
    store.put("box", false, "a test", of(text("one")));
    for (String text : List.of("", "[]", "{}", "{\"tree\": \"../../etc\"}", "{\"tree\": 3}")) {
      Files.writeString(folder.resolve("store/box.json"), text);
      assertThatThrownBy(() -> store.get("box")).isInstanceOf(StoreException.class);
    }
    store.put("other", false, "a test", of(text("two")));
    assertThat(store.all()).extracting(Stored::name).containsExactly("other");
    assertThat(trees()).as("nothing is taken away that it may have meant").hasSize(2);
    store.remove("box");
    assertThat(store.names()).containsExactly("other");
    assertThat(trees()).hasSize(1);
  }

  @Test
  void whatIsExportedIsTheSameAgain() throws Exception {
    CraftedTar tar =
        text("one")
            .symlink("link", "/etc")
            .hardLink("hard", "etc/hostname")
            .entry('0', "bin/su", "", "#!".getBytes(), 04755)
            .entry('6', "pipe", "", new byte[0], 0600)
            .file("caf\u00e9", "not UTF-8")
            .file("d/".repeat(100) + "deep", "x");
    Stored stored = store.put("box", false, "a test", of(tar));
    ByteArrayOutputStream exported = new ByteArrayOutputStream();
    try (Enclosure enclosure = Store.enclose(stored)) {
      Packing.pack(enclosure, exported);
    }
    Stored again = store.put("again", false, "a test", of(exported.toByteArray()));
    assertThat(Files.readAllLines(again.manifest()))
        .filteredOn(
            line -> !line.startsWith(". ") && !line.startsWith("d") && !line.startsWith("bin "))
        .isEqualTo(
            Files.readAllLines(stored.manifest()).stream()
                .filter(
                    line ->
                        !line.startsWith(". ") && !line.startsWith("d") && !line.startsWith("bin "))
                .toList());
    assertThat(again.items()).isEqualTo(Files.readAllLines(stored.manifest()).size());
  }
}
