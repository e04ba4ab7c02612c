using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Plug1.Host.CommandLine;

namespace Plug1.Host.Backups;

/// <summary>An empty PostgreSQL database beside the one of a business, to restore into and look; dropped when it is disposed.</summary>
/// <remarks>
/// A process that is killed leaves its database behind, with all of the business in it: the next one drops it. One that is still in use
/// is known by a lock that its maker's session holds.
/// </remarks>
internal sealed class BesideDatabase : IAsyncDisposable
{
    private const int Locks = 7102;
    private readonly NpgsqlConnection session;
    private readonly string database;

    private BesideDatabase(NpgsqlConnection session, string database, string setting) => (this.session, this.database, Setting) = (session, database, setting);

    /// <summary>How it is reached.</summary>
    public string Setting { get; }

    /// <summary>Makes one on the server of a business; null when its user may not.</summary>
    public static async Task<BesideDatabase?> TryCreate(string setting, CancellationToken ct)
    {
        var maker = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(setting) { Pooling = false }.ConnectionString);
        try
        {
            await maker.OpenAsync(ct);
            var prefix = $"plug1_beside_{await Ask(maker, "select oid::text from pg_database where datname = current_database()", ct)}_";
            await DropLeftovers(maker, prefix, ct);
            var number = RandomNumberGenerator.GetInt32(int.MaxValue);
            var name = $"{prefix}{number}";
            await Run(maker, $"select pg_advisory_lock({Locks}, {number})", ct);
            var form = await Ask(maker, "select format('encoding %L lc_collate %L lc_ctype %L', pg_encoding_to_char(encoding), datcollate, datctype) from pg_database where datname = current_database()", ct);
            await Run(maker, $"create database {name} template template0 {form}", ct);
            return new BesideDatabase(maker, name, new NpgsqlConnectionStringBuilder(setting) { Database = name }.ConnectionString);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await maker.DisposeAsync();
            return null;
        }
        catch
        {
            await maker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes one.</summary>
    /// <exception cref="CommandFailure">The user of the database may not.</exception>
    public static async Task<BesideDatabase> Create(string setting, CancellationToken ct) => await TryCreate(setting, ct) ?? throw new CommandFailure(
        $"A backup is verified in a database beside, and the user {new NpgsqlConnectionStringBuilder(setting).Username} may not create one: alter role ... createdb.", ExitCode.Unavailable);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await using (session) await Run(session, $"drop database if exists {database} with (force)", CancellationToken.None);
    }

    private static async Task DropLeftovers(NpgsqlConnection maker, string prefix, CancellationToken ct)
    {
        var found = await Ask(maker, $"select string_agg(datname, ' ') from pg_database where starts_with(datname, '{prefix}')", ct);
        foreach (var name in (found ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(name[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;
            if (await Ask(maker, $"select pg_try_advisory_lock({Locks}, {number})::text", ct) != "true") continue;
            await Run(maker, $"drop database if exists {name} with (force)", ct);
            await Run(maker, $"select pg_advisory_unlock({Locks}, {number})", ct);
        }
    }

    private static async Task Run(NpgsqlConnection maker, string text, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(text, maker);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<string?> Ask(NpgsqlConnection maker, string text, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(text, maker);
        return await command.ExecuteScalarAsync(ct) as string;
    }
}
