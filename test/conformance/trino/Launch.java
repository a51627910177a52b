/** Runs the Trino server until its standard input ends, which happens when the parent process exits for any reason. */
public class Launch {
  public static void main(String[] arguments) {
    Thread watch = new Thread(() -> {
      try {
        while (System.in.read() != -1) {}
      } catch (java.io.IOException ended) {
        System.err.println("The parent process is gone: " + ended.getMessage());
      }
      Runtime.getRuntime().halt(0);
    });
    watch.setDaemon(true);
    watch.start();
    new io.trino.server.Server().start(System.getProperty("version"));
  }
}
