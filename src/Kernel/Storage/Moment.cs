namespace Plug1.Kernel.Storage;

/// <summary>Reads a database as it stood at one moment, while others go on writing.</summary>
public static class Moment
{
    /// <summary>Runs reads inside one snapshot.</summary>
    public static async Task<T> Read<T>(Database database, Func<Db, Task<T>> work, CancellationToken ct)
    {
        await using var db = await database.Reader(ct);
        await db.Execute(Sql.Raw(db.Engine == Engine.Postgres ? "begin isolation level repeatable read read only" : "begin"), ct);
        try
        {
            return await work(db);
        }
        finally
        {
            await db.Execute(Sql.Raw("rollback"), CancellationToken.None);
        }
    }
}
