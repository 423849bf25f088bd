package dev.cairn.load;

/** The least a JVM can do: what a command of the command line is measured against. */
public final class Hello {
    private Hello() {}

    public static void main(String[] args) {
        System.out.println("hello");
    }
}
