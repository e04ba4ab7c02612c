using System.CommandLine;

namespace Plug1.Host.CommandLine;

/// <summary>The command line <c>plug1</c>: its table of contents.</summary>
internal static class Plug1Command
{
    /// <summary>Runs one command.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand($"""
            Plug1 Operations: runs the daily operations of a business, and proves every figure it shows.

            Exit codes: {ExitCode.Done} done; {ExitCode.Refused} refused, or a check found a difference; {ExitCode.Usage} the command line is wrong;
            {ExitCode.Unavailable} a file, a port or the database is not to be had; {ExitCode.Fault} an error of this program.
            """);
        foreach (var option in Common.Options) root.Options.Add(option);
        root.Subcommands.Add(ServeCommand.Make());
        root.Subcommands.Add(SchemaCommands.Migrate());
        root.Subcommands.Add(SchemaCommands.Company());
        root.Subcommands.Add(DemoCommand.Make());
        root.Subcommands.Add(SchemaCommands.OpenApi());
        root.Subcommands.Add(UserCommands.Make());
        root.Subcommands.Add(TokenCommands.Make());
        root.Subcommands.Add(ImportCommands.Make());
        root.Subcommands.Add(LedgerCommands.Make());
        root.Subcommands.Add(AuditCommands.Make());
        root.Subcommands.Add(BackupCommands.MakeBackup());
        root.Subcommands.Add(BackupCommands.MakeRestore());
        root.Subcommands.Add(DiagnosticsCommand.Make());

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"plug1: {error.Message}");
            await Console.Error.WriteLineAsync("Add --help to see what the command takes.");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }
}
