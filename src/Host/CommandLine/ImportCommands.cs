using System.CommandLine;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Imports;
using Plug1.Kernel.Security;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 import items | parties | prices | sales</c>: CSV files with a heading, previewed, resumable, harmless when run twice.</summary>
internal static class ImportCommands
{
    private const int MostShown = 50;
    private static readonly Argument<string> Source = new("FILE") { Description = "The CSV file." };

    private static readonly Option<string?> Mapping = new("--mapping") { Description = "A JSON file that names the column of each field; without it, columns have the names of our fields.", HelpName = "FILE" };

    private static readonly Option<bool> Preview = new("--preview") { Description = "Tell what would be done and every row that cannot be taken; write nothing." };

    /// <summary>The command.</summary>
    public static Command Make() => new("import", "Bring data from CSV files.")
    {
        Of("items", "Items with categories, barcodes and taxes."),
        Of("parties", "Customers, suppliers and other parties."),
        Of("prices", "Prices of price lists."),
        ImportSalesCommand.Make(),
    };

    private static Command Of(string kind, string description) => new Command(kind, description) { Source, Mapping, Preview }.Works(async (at, parsed, ct) =>
    {
        var file = parsed.GetRequiredValue(Source);
        if (!File.Exists(file)) throw new CommandFailure($"There is no file {file}.", ExitCode.Unavailable);
        var mapping = parsed.GetValue(Mapping) is { } named ? ImportMapping.Parse(await File.ReadAllTextAsync(named, ct)).OrFail() : null;
        await using var stream = File.OpenRead(file);
        var call = new CommandCall(Actor.System, Guid.Empty);
        var importer = at.Get<Importer>();
        if (parsed.GetValue(Preview)) return Tell((await importer.Preview(call, kind, stream, mapping, ct)).OrFail(), "would be");

        var outcome = await Progress.Show($"Importing {kind} from {file}.", progress => importer.Run(call, kind, stream, mapping, new Rows(progress), ct));
        return Tell(outcome.OrFail(), "were");
    });

    /// <summary>Rows that are not taken make the import a refused one, though all others are in.</summary>
    private static int Tell(ImportOutcome outcome, string verb)
    {
        foreach (var row in outcome.RefusedRows.Take(MostShown)) Console.WriteLine($"line {row.Line}: {row.Field}: {row.Reason} ({row.Code})");
        if (outcome.Refused > MostShown) Console.WriteLine($"... and {outcome.Refused - MostShown} more rows that cannot be taken.");
        if (outcome.ResumedAfter > 0) Console.WriteLine($"An earlier run of this file had done {outcome.ResumedAfter} rows.");
        Console.WriteLine($"{outcome.Rows} rows: {outcome.Created} {verb} created, {outcome.Updated} updated, {outcome.Unchanged} unchanged, {outcome.Refused} refused.");
        return outcome.Refused == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    private sealed class Rows(IProgress<Step> steps) : IProgress<long>
    {
        public void Report(long value) => steps.Report(new Step($"{value} rows", value, 0));
    }
}
