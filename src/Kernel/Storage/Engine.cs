namespace Plug1.Kernel.Storage;

/// <summary>The database that holds one business.</summary>
public enum Engine
{
    /// <summary>Embedded: one file, write-ahead log, every commit synchronous.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, for several nodes.</summary>
    Postgres,
}
