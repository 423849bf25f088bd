package dev.cairn.config;

/** The keys under {@code store}. */
public record StoreConfig(boolean fullSync, int readers, int maxQueue, int maxFieldBytes, Retention retention) {
    /** What is forgotten by itself; 0 stands for no bound. */
    public record Retention(int days, int toolUseDays, long maxBytes) {
        /** Whether anything is ever forgotten. */
        public boolean isOn() {
            return days > 0 || toolUseDays > 0 || maxBytes > 0;
        }
    }
}
