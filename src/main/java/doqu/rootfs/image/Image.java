package doqu.rootfs.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.jr.ob.JSON;
import doqu.kernel.Arch;
import doqu.kernel.TextFile;
import doqu.rootfs.archive.Archive;
import doqu.rootfs.archive.ArchiveException;
import doqu.rootfs.archive.Unpacking;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image: layers, each a tar archive with what has changed since the one before.
 *
 * @param layers from the lowest up
 */
public record Image(List<Layer> layers) {
  /** No manifest or configuration is anywhere near as long. */
  private static final int MOST_JSON = 4 << 20;

  private static final int MOST_LAYERS = 500;
  private static final int MOST_INDEXES = 4;
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /**
   * One layer.
   *
   * @param name of its file
   * @param digest of that file; empty: what docker saves does not say
   * @param diffId the digest of it unpacked
   */
  public record Layer(String name, Optional<String> digest, String diffId) {}

  public Image {
    layers = List.copyOf(layers);
  }

  /**
   * Reads which layers an image has.
   *
   * @param arch whose, where there are several
   * @throws ArchiveException when it is no image, or none for that architecture
   */
  public static Image of(Blobs blobs, Arch arch) throws IOException {
    Optional<Json> index = optional(blobs, "index.json");
    if (index.isPresent()) {
      return ofManifest(blobs, choose(blobs, index.get(), arch));
    }
    Json saved =
        optional(blobs, "manifest.json")
            .orElseThrow(
                () ->
                    new ArchiveException(
                        "neither an OCI image (index.json) nor a saved one (manifest.json)"));
    List<Json> images = saved.list();
    if (images.size() != 1) {
      throw new ArchiveException("it holds " + images.size() + " images; doqu takes one at a time");
    }
    List<String> diffIds =
        diffIds(json(blobs, images.get(0).get("Config").text(), Optional.empty()));
    List<Json> files = images.get(0).get("Layers").list();
    check(files.size(), diffIds.size());
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      layers.add(new Layer(files.get(i).text(), Optional.empty(), diffIds.get(i)));
    }
    return new Image(layers);
  }

  /** The manifest for an architecture, through as many indexes as there are. */
  private static Json choose(Blobs blobs, Json index, Arch arch) throws IOException {
    Json at = index;
    for (int depth = 0; at.has("manifests"); depth++) {
      if (depth == MOST_INDEXES) {
        throw new ArchiveException("an index in an index, and so on");
      }
      at = blob(blobs, descriptor(at.get("manifests").list(), arch));
    }
    return at;
  }

  private static Json descriptor(List<Json> manifests, Arch arch) throws ArchiveException {
    String wanted = arch == Arch.X86_64 ? "amd64" : "arm64";
    List<String> others = new ArrayList<>();
    for (Json manifest : manifests) {
      if (!manifest.has("platform")) {
        if (manifests.size() == 1) {
          return manifest;
        }
        continue;
      }
      Json platform = manifest.get("platform");
      String is = platform.get("os").text() + "/" + platform.get("architecture").text();
      if (is.equals("linux/" + wanted)) {
        return manifest;
      }
      others.add(is);
    }
    throw new ArchiveException(
        "no image for linux/" + wanted + (others.isEmpty() ? "" : ", but for " + others));
  }

  private static Image ofManifest(Blobs blobs, Json manifest) throws IOException {
    List<String> diffIds = diffIds(blob(blobs, manifest.get("config")));
    List<Json> descriptors = manifest.get("layers").list();
    check(descriptors.size(), diffIds.size());
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < descriptors.size(); i++) {
      String digest = digest(descriptors.get(i));
      layers.add(new Layer(path(digest), Optional.of(digest), diffIds.get(i)));
    }
    return new Image(layers);
  }

  private static void check(int files, int diffIds) throws ArchiveException {
    if (files != diffIds) {
      throw new ArchiveException(
          "its manifest has " + files + " layers and its configuration " + diffIds);
    }
    if (files > MOST_LAYERS) {
      throw new ArchiveException("it has " + files + " layers; doqu takes " + MOST_LAYERS);
    }
  }

  private static List<String> diffIds(Json config) throws ArchiveException {
    List<String> diffIds = new ArrayList<>();
    for (Json diffId : config.get("rootfs").get("diff_ids").list()) {
      diffIds.add(diffId.text());
    }
    return diffIds;
  }

  private static Json blob(Blobs blobs, Json descriptor) throws IOException {
    String digest = digest(descriptor);
    return json(blobs, path(digest), Optional.of(digest));
  }

  private static String digest(Json descriptor) throws ArchiveException {
    String digest = descriptor.get("digest").text();
    if (!DIGEST.matcher(digest).matches()) {
      throw new ArchiveException("'" + digest + "' is no digest doqu knows");
    }
    return digest;
  }

  private static String path(String digest) {
    return "blobs/" + digest.replace(':', '/');
  }

  private static Optional<Json> optional(Blobs blobs, String name) throws IOException {
    try {
      return Optional.of(json(blobs, name, Optional.empty()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Json json(Blobs blobs, String name, Optional<String> digest) throws IOException {
    byte[] text;
    try (InputStream in = blobs.open(name)) {
      Checked checked = new Checked(in, name, digest);
      text = TextFile.bytes(checked, MOST_JSON);
      checked.finish();
    } catch (TextFile.TooLong e) {
      throw new ArchiveException(name + ": " + e.getMessage());
    }
    try {
      return new Json(name, JSON.std.anyFrom(text));
    } catch (JsonProcessingException e) {
      throw new ArchiveException(name + ": it is not JSON: " + e.getOriginalMessage());
    }
  }

  /**
   * Unpacks all layers.
   *
   * @throws ArchiveException when one is not what its digest says, with its name
   */
  public void unpack(Blobs blobs, Unpacking unpacking) throws IOException {
    for (Layer layer : layers) {
      try (InputStream in = blobs.open(layer.name())) {
        Checked checked = new Checked(in, layer.name(), layer.digest());
        Archive archive = Archive.of(checked);
        unpacking.unpackLayer(archive);
        checked.finish();
        String diffId = archive.diffId();
        if (!diffId.equals(layer.diffId())) {
          throw new ArchiveException(
              layer.name()
                  + ": unpacked its digest is "
                  + diffId
                  + " and has to be "
                  + layer.diffId());
        }
      } catch (NoSuchFileException e) {
        throw new ArchiveException("its layer " + layer.name() + " is missing");
      }
    }
  }
}
