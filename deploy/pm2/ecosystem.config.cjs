// Cairn under PM2:   pm2 start deploy/pm2/ecosystem.config.cjs
const fs = require('fs');
const path = require('path');

// The environment of this call becomes the worker's, which refuses CAIRN_ variables that are no settings.
const given = process.env.CAIRN_JAR;
delete process.env.CAIRN_JAR;

const jar = [given, path.join(__dirname, '../cairn.jar'), path.join(__dirname, '../../target/cairn.jar')]
  .filter(Boolean)
  .map((file) => path.resolve(file))
  .find((file) => fs.existsSync(file));
if (!jar) {
  throw new Error("cairn.jar was not found; build it with 'mvn -DskipTests package' or set CAIRN_JAR");
}

module.exports = {
  apps: [
    {
      name: 'cairn',
      script: process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin/java') : 'java',
      args: ['-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError', '-Dcairn.log.console=warn', '-jar', jar],
      interpreter: 'none',
      // What the C library once gave a thread it keeps: few pools, less memory.
      env: { MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX || '2' },
      exec_mode: 'fork',
      instances: 1,

      // Online when the worker says so, not when its JVM exists.
      wait_ready: true,
      listen_timeout: 60000,

      // PM2's signal is that of its daemon: SIGINT, or what PM2_KILL_SIGNAL said when the daemon was started. The worker
      // takes SIGINT and SIGTERM alike: it stops in 5 s and halts itself at 8 s. The signal is for the worker alone; it ends
      // its children itself, each when what uses it is down.
      kill_timeout: 12000,
      treekill: false,

      // 129, 130 and 143 are signals; 2 (a wrong setting) and 4 (another worker, a newer database) do not mend themselves by
      // starting again. Not 0, which is what PM2 takes an end by SIGKILL for: so stop it with 'pm2 stop cairn'. No delay
      // between restarts, with which PM2 shows "waiting restart" for an end that it does not restart.
      autorestart: true,
      stop_exit_codes: [2, 4, 129, 130, 143],
      min_uptime: 10000,
      max_restarts: 5,

      // For developers, a restart when the jar is replaced (by mv, since a JVM does not survive the change of a jar it has
      // open):   watch: [jar], watch_delay: 2000,
      watch: false,
    },
  ],
};
