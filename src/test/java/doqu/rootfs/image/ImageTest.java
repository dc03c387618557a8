package doqu.rootfs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doqu.kernel.Arch;
import doqu.rootfs.archive.ArchiveException;
import doqu.rootfs.archive.CraftedTar;
import doqu.rootfs.store.Import;
import doqu.rootfs.store.Store;
import doqu.rootfs.store.Stored;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images, layer over layer, whatever they come in; and images that are not what they say. */
class ImageTest {
  @TempDir Path folder;

  private Store store;
  private Path victim;

  @BeforeEach
  void makeStore() throws Exception {
    store = new Store(folder.resolve("store"));
    victim = Files.writeString(folder.resolve("victim"), "unharmed");
  }

  private static CraftedImage image(CraftedTar... layers) throws Exception {
    CraftedImage image =
        new CraftedImage().architecture(Arch.current() == Arch.X86_64 ? "amd64" : "arm64");
    for (CraftedTar layer : layers) {
      image.layer(layer);
    }
    return image;
  }

  private Stored put(CraftedImage image) throws Exception {
    byte[] tar = image.tar();
    return store.put(
        "box", true, "a test", place -> Import.archive(new ByteArrayInputStream(tar), place));
  }

  private static CraftedTar tar() {
    return new CraftedTar();
  }

  private static final CraftedTar BASE =
      tar()
          .directory("etc")
          .file("etc/hostname", "one")
          .file("etc/passwd", "root")
          .directory("var")
          .file("var/a", "a")
          .file("var/sub/b", "b")
          .symlink("lib", "usr/lib")
          .file("usr/lib/c", "c");

  private static final CraftedTar CHANGE =
      tar()
          .file("etc/hostname", "two")
          .file("etc/.wh.passwd", "")
          .file("var/new", "new")
          .file("var/.wh..wh..opq", "")
          .file("lib/.wh.c", "")
          .file("lib/d", "d")
          .file("nothing/.wh.there", "")
          .file(".wh..wh.plnk", "");

  @Test
  void aLayerTakesAwayWhatThoseBelowHaveMade() throws Exception {
    for (CraftedImage image :
        new CraftedImage[] {image(BASE, CHANGE).oci(), image(BASE, CHANGE).saved()}) {
      Stored box = put(image);
      Path root = box.rootfs();
      assertThat(root.resolve("etc/hostname")).hasContent("two");
      assertThat(root.resolve("etc/passwd")).doesNotExist();
      assertThat(root.resolve("var").toFile().list()).containsExactly("new");
      assertThat(root.resolve("usr/lib").toFile().list()).containsExactly("d");
      assertThat(root.toFile().list()).containsExactlyInAnyOrder("etc", "var", "lib", "usr");
      assertThat(box.rootfs().resolveSibling("aside")).doesNotExist();
    }
  }

  @Test
  void aFolderWillDo() throws Exception {
    Path layout = folder.resolve("layout");
    for (Map.Entry<String, byte[]> file : image(BASE, CHANGE).oci().files.entrySet()) {
      Path path = layout.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    Stored box = store.put("box", false, "a test", place -> Import.folder(layout, place));
    assertThat(box.rootfs().resolve("etc/hostname")).hasContent("two");
    assertThatThrownBy(() -> store.put("x", false, "a test", place -> Import.folder(folder, place)))
        .hasMessage("neither an OCI image (index.json) nor a saved one (manifest.json)");
  }

  @Test
  void aWhiteoutTakesNothingAwayOutside() throws Exception {
    String out = folder.toString();
    for (CraftedTar second :
        new CraftedTar[] {
          tar().file("l/.wh.victim", ""),
          tar().file("l/.wh..wh..opq", ""),
          tar().file(out.substring(1) + "/.wh.victim", "")
        }) {
      put(image(tar().symlink("l", out), second).oci());
      assertThat(victim).hasContent("unharmed");
      assertThat(folder.resolve("store")).exists();
    }
    assertThatThrownBy(() -> put(image(BASE, tar().file("a/../../.wh.victim", "")).oci()))
        .isInstanceOf(ArchiveException.class);
    assertThatThrownBy(() -> put(image(BASE, tar().file(".wh...", "")).oci()))
        .isInstanceOf(ArchiveException.class);
    assertThat(victim).hasContent("unharmed");
  }

  @Test
  void whatIsWrittenThroughALinkOfAnotherLayerStaysBelowTheRoot() throws Exception {
    Stored box =
        put(
            image(
                    tar().symlink("l", folder.toString()),
                    tar().file("l/victim", "harm"),
                    tar().directory("l").file("l/x", "x"))
                .oci());
    assertThat(victim).hasContent("unharmed");
    assertThat(Path.of(box.rootfs() + victim.toString())).hasContent("harm");
    assertThat(box.rootfs().resolve("l/x")).hasContent("x");
  }

  private void refused(CraftedImage image, String message) {
    assertThatThrownBy(() -> put(image))
        .isInstanceOf(ArchiveException.class)
        .hasMessageMatching("(?s)" + message);
  }

  @Test
  void whatIsNotAsItsDigestSaysIsNotTaken() throws Exception {
    CraftedImage layer = image(BASE).oci();
    String name = "blobs/" + layer.digests.get(0).replace(':', '/');
    layer.files.put(name, image(CHANGE).oci().files.values().iterator().next());
    refused(
        layer, "blobs/sha256/.*: its digest is sha256:.* and has to be " + layer.digests.get(0));

    CraftedImage config = image(BASE).oci();
    config.files.replaceAll(
        (file, bytes) -> new String(bytes).contains("diff_ids") ? "{}".getBytes() : bytes);
    refused(config, "blobs/sha256/.*: its digest is sha256:.* and has to be sha256:.*");

    CraftedImage diff = image(BASE);
    diff.diffIds.set(0, CraftedImage.digest(new byte[0]));
    refused(diff.oci(), "blobs/.*: unpacked its digest is sha256:.* and has to be sha256:.*");
    assertThat(store.names()).isEmpty();
  }

  @Test
  void whatIsMissingOrNoImageIsTold() throws Exception {
    CraftedImage missing = image(BASE).oci();
    missing.files.remove("blobs/" + missing.digests.get(0).replace(':', '/'));
    refused(missing, "its layer blobs/sha256/\\w+ is missing");

    refused(
        image(BASE).architecture("s390x").oci(),
        "no image for linux/a\\w+64, but for \\[unknown/unknown, linux/s390x]");

    CraftedImage one = image(BASE).saved();
    one.diffIds.add("sha256:x");
    refused(one.saved(), "its manifest has 1 layers and its configuration 2");

    for (String text : new String[] {"", "{", "[]", "{\"manifests\": 3}", "{\"manifests\": [3]}"}) {
      CraftedImage broken = new CraftedImage();
      broken.files.put("index.json", text.getBytes());
      refused(broken, "index.json.*|no image for.*");
    }
    CraftedImage traversal = new CraftedImage();
    traversal.files.put("manifest.json", "[{\"Config\": \"../x\", \"Layers\": []}]".getBytes());
    refused(traversal, "../x: a name with .. in it is not taken");
    CraftedImage circle = new CraftedImage();
    circle.files.put(
        "index.json", "{\"manifests\": [{\"digest\": \"sha256:../../x\"}]}".getBytes());
    refused(circle, "'sha256:../../x' is no digest doqu knows");
  }
}
