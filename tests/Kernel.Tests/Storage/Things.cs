using Plug1.Kernel.Storage;
using Plug1.Testing;

namespace Plug1.Kernel.Tests.Storage;

/// <summary>A small schema with a column of every kind, for tests of the store itself.</summary>
internal static class Things
{
    public static readonly Migration Schema = new("test", 1, "0001-things.sql", """
        create table thing (
          id {id} primary key,
          name text,
          amount {long} check (amount >= 0),
          day {date},
          at {instant},
          done {bool},
          image {bytes}
        );
        create table counter (
          name text primary key,
          value {long} not null
        );
        create table sequenced (
          {tx},
          name text not null unique
        );
        insert into counter (name, value) values ('a', 0), ('b', 0);
        """);

    public static readonly Table Table = new("thing",
        ("id", Kind.Id), ("name", Kind.Text), ("amount", Kind.Long), ("day", Kind.Date), ("at", Kind.Instant), ("done", Kind.Bool), ("image", Kind.Bytes));

    public static Task<TestDatabase> Create(Engine engine) => TestDatabase.Create(engine, [Schema]);

    public static object?[] Row(string? name, long? amount = 1) => [Guid.CreateVersion7(), name, amount, null, null, null, null];

    public static Task<List<string>> Names(this Database database) =>
        database.Read(db => db.Query($"select name from thing order by name", row => row.Text(0)));

    public static Task<long> Count(this Database database) => database.Read(db => db.Number($"select count(*) from thing"));

    /// <summary>Adds one thing in a transaction of its own.</summary>
    public static Task Add(this Database database, string name, long amount = 1) => database.Write(async tx =>
    {
        tx.Insert(Table, Row(name, amount));
        await tx.Flush();
    });
}
