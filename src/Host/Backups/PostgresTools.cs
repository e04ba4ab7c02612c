using System.ComponentModel;
using System.Diagnostics;
using Npgsql;
using Plug1.Host.CommandLine;

namespace Plug1.Host.Backups;

/// <summary><c>pg_dump</c> and <c>pg_restore</c>: PostgreSQL's own tools know best how to copy it.</summary>
internal static class PostgresTools
{
    /// <summary>Dumps a database in the custom format, as an exported snapshot sees it.</summary>
    public static Task Dump(string connection, string file, string snapshot, CancellationToken ct) =>
        Run("pg_dump", connection, ["--format=custom", "--no-owner", "--no-privileges", $"--snapshot={snapshot}", $"--file={file}"], ct);

    /// <summary>Reads the contents of a dump, which fails when it is damaged.</summary>
    public static Task List(string file, CancellationToken ct) => Run("pg_restore", null, ["--list", file], ct);

    /// <summary>Puts a dump into a database as one transaction: all of it, or nothing.</summary>
    public static Task Restore(string connection, string file, bool replace, CancellationToken ct)
    {
        string[] clean = replace ? ["--clean", "--if-exists"] : [];
        return Run("pg_restore", connection, ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", .. clean, $"--dbname={new NpgsqlConnectionStringBuilder(connection).Database}", file], ct);
    }

    private static async Task Run(string tool, string? connection, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(tool) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        if (connection is not null)
        {
            // By environment: a command line can be read by every user of the machine.
            var settings = new NpgsqlConnectionStringBuilder(connection);
            Set("PGHOST", settings.Host);
            Set("PGPORT", $"{settings.Port}");
            Set("PGUSER", settings.Username);
            Set("PGDATABASE", settings.Database);
            Set("PGPASSWORD", settings.Password);
            Set("PGPASSFILE", settings.Passfile);
        }

        using var process = Start(start, tool);
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        await said;
        if (process.ExitCode != 0) throw new CommandFailure($"{tool} failed: {(await wrong).Trim().Split('\n')[0]}", ExitCode.Unavailable);

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) start.Environment[name] = value;
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
