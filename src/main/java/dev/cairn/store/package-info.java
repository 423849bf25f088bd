/** The database: schema, migrations, one writer, several readers, the durable queue. The only room with SQL. */
@NullMarked
package dev.cairn.store;

import org.jspecify.annotations.NullMarked;
