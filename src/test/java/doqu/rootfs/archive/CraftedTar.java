package doqu.rootfs.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A tar archive written header by header, so that it can say what no program would write. */
public final class CraftedTar {
  static final int TIME = 1_000_000_000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public CraftedTar file(String name, String text) {
    return entry('0', name, "", text.getBytes(StandardCharsets.UTF_8), 0644);
  }

  public CraftedTar directory(String name) {
    return entry('5', name, "", new byte[0], 0755);
  }

  public CraftedTar symlink(String name, String target) {
    return entry('2', name, target, new byte[0], 0777);
  }

  public CraftedTar hardLink(String name, String target) {
    return entry('1', name, target, new byte[0], 0644);
  }

  /** Any entry, with a name of more than 100 bytes as GNU tar has it. */
  public CraftedTar entry(char type, String name, String link, byte[] content, int mode) {
    if (name.length() > 100) {
      header('L', "././@LongLink", "", name.length() + 1L, 0);
      content((name + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }
    if (link.length() > 100) {
      header('K', "././@LongLink", "", link.length() + 1L, 0);
      content((link + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }
    header(type, name, link, content.length, mode);
    return content(content);
  }

  /** A header alone, of a size that need not be true. */
  public CraftedTar header(char type, String name, String link, long size, int mode) {
    byte[] header = new byte[TarHeader.SIZE];
    put(header, 0, 100, name);
    put(header, 100, 8, String.format("%07o", mode));
    put(header, 108, 8, "0000000");
    put(header, 116, 8, "0000000");
    put(header, 124, 12, String.format("%011o", size));
    put(header, 136, 12, String.format("%011o", TIME));
    put(header, 148, 8, "        ");
    header[156] = (byte) type;
    put(header, 157, 100, link);
    put(header, 257, 8, "ustar  ");
    put(header, 329, 8, "0000001");
    put(header, 337, 8, "0000003");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, 8, String.format("%06o\0 ", sum));
    bytes.writeBytes(header);
    return this;
  }

  public CraftedTar content(byte[] content) {
    bytes.writeBytes(content);
    bytes.writeBytes(new byte[-content.length & (TarHeader.SIZE - 1)]);
    return this;
  }

  private static void put(byte[] header, int at, int room, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, header, at, Math.min(room, bytes.length));
  }

  /** The archive as it is so far, without its end. */
  public byte[] unended() {
    return bytes.toByteArray();
  }

  /** The whole archive. */
  public byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes.toByteArray());
    whole.writeBytes(new byte[2 * TarHeader.SIZE]);
    return whole.toByteArray();
  }

  public InputStream stream() {
    return new ByteArrayInputStream(bytes());
  }
}
