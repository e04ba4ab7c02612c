using System.ComponentModel;
using System.Diagnostics;
using Npgsql;
using Plug1.Host.CommandLine;

namespace Plug1.Host.Backups;

/// <summary><c>pg_dump</c> and <c>pg_restore</c>: PostgreSQL's own tools know best how to copy it. Data goes through pipes, so that no readable copy lies on a disk.</summary>
internal static class PostgresTools
{
    /// <summary>Dumps a database in the custom format, as an exported snapshot sees it; the backup packs it.</summary>
    public static Task Dump(string connection, Stream to, string snapshot, CancellationToken ct) =>
        Run("pg_dump", connection, ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", $"--snapshot={snapshot}"], null, to, ct);

    /// <summary>Puts a dump into a database as one transaction: all of it, or nothing.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="feed">Writes the dump; what it throws undoes everything.</param>
    /// <param name="replace">Whether what is there of the same names is dropped first, in the same transaction.</param>
    /// <param name="ct">Stops it.</param>
    public static Task Restore(string connection, Func<Stream, Task> feed, bool replace, CancellationToken ct)
    {
        string[] clean = replace ? ["--clean", "--if-exists"] : [];
        return Run("pg_restore", connection, ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", .. clean, $"--dbname={new NpgsqlConnectionStringBuilder(connection).Database}"], feed, Stream.Null, ct);
    }

    private static async Task Run(string tool, string connection, IEnumerable<string> arguments, Func<Stream, Task>? feed, Stream to, CancellationToken ct)
    {
        var start = new ProcessStartInfo(tool) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // By environment: a command line can be read by every user of the machine.
        var settings = new NpgsqlConnectionStringBuilder(connection);
        Set("PGHOST", settings.Host);
        Set("PGPORT", $"{settings.Port}");
        Set("PGUSER", settings.Username);
        Set("PGDATABASE", settings.Database);
        Set("PGPASSWORD", settings.Password);
        Set("PGPASSFILE", settings.Passfile);

        using var process = Start(start, tool);
        var wrong = process.StandardError.ReadToEndAsync(ct);
        try
        {
            var said = process.StandardOutput.BaseStream.CopyToAsync(to, ct);
            await Feed(process, feed);
            await said;
            await process.WaitForExitAsync(ct);
        }
        catch
        {
            // The server undoes what a connection that is gone has not committed.
            process.Kill();
            throw;
        }

        if (process.ExitCode != 0) throw new CommandFailure($"{tool} failed: {(await wrong).Trim().Split('\n')[0]}", ExitCode.Unavailable);

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) start.Environment[name] = value;
        }
    }

    private static async Task Feed(Process process, Func<Stream, Task>? feed)
    {
        try
        {
            if (feed is not null) await feed(process.StandardInput.BaseStream);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It reads no further because it has failed, and says itself why.
        }
    }

    private static Process Start(ProcessStartInfo start, string tool)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new CommandFailure($"{tool} is not installed. It comes with PostgreSQL's client programs (apt-get install postgresql-client), in the server's version or a newer one.", ExitCode.Unavailable);
        }
    }
}
