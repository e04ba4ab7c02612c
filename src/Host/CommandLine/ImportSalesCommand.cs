using System.CommandLine;
using System.Globalization;
using System.Text;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Values;
using Plug1.Sales.PastSales;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 import sales</c>: what another program has sold becomes documents here; previewed, resumable, harmless when run twice.</summary>
internal static class ImportSalesCommand
{
    private const int MostShown = 50;

    private static readonly Argument<string[]> Sources = new("FILE") { Description = "CSV files, compressed when they end with .gz. The rows of a document may be spread over them.", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<string> Mapping = new("--mapping") { Description = "A JSON file that says how the files are read; docs/import-sales.md tells its members.", HelpName = "FILE", Required = true };

    private static readonly Option<bool> Preview = new("--preview") { Description = "Tell what would be done and every row that cannot be taken; write nothing." };

    private static readonly Option<string?> Refused = new("--refused") { Description = "Write every row that cannot be taken to this CSV file.", HelpName = "FILE" };

    /// <summary>The command.</summary>
    public static Command Make() => new Command("sales", "Past sales, returns and corrections of stock.") { Sources, Mapping, Preview, Refused }.Works(async (at, parsed, ct) =>
    {
        var paths = parsed.GetRequiredValue(Sources);
        foreach (var path in paths)
            if (!File.Exists(path)) throw new CommandFailure($"There is no file {path}.", ExitCode.Unavailable);
        if (paths.GroupBy(Path.GetFullPath, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice) throw new CommandFailure($"{twice.First()} is named twice.");
        var mapping = PastSalesMapping.Parse(await File.ReadAllTextAsync(parsed.GetRequiredValue(Mapping), ct)).OrFail();
        var files = paths.Select(PastFile.Of).ToList();
        var (import, call, preview) = (at.Get<PastSalesImport>(), new CommandCall(Actor.System, Guid.Empty), parsed.GetValue(Preview));
        var outcome = await Progress.Show($"{(preview ? "Looking at" : "Importing")} past sales of {mapping.Source}.", async progress =>
        {
            var steps = new Steps(progress);
            if (preview) return await import.Preview(call, files, mapping, steps, ct);
            var done = await import.Run(call, files, mapping, steps, ct);
            progress.Report(new Step("Summing by day", 0, 0));
            if (!done.IsRefused) await at.Get<Rollups>().CatchUp(ct: ct);
            return done;
        });
        var told = outcome.OrFail();
        if (parsed.GetValue(Refused) is { } refused) await WriteRefused(refused, told.Refused, ct);
        Tell(told, preview, (await at.Get<OrganisationBook>().Get(ct)).Company.Currency);
        return told.Refused.Count == 0 ? ExitCode.Done : ExitCode.Refused;
    });

    private static void Tell(PastOutcome told, bool preview, Currency currency)
    {
        foreach (var row in told.Refused.Take(MostShown)) Console.WriteLine($"{row.File}: line {row.Line}: {row.Document}: {row.Field}: {row.Reason} ({row.Code})");
        if (told.Refused.Count > MostShown) Console.WriteLine($"... and {told.Refused.Count - MostShown} more rows that cannot be taken; --refused FILE writes them all.");
        if (told.Refused.Count > 0)
        {
            foreach (var code in told.Refused.GroupBy(row => row.Code).OrderBy(code => code.Key, StringComparer.Ordinal)) Console.WriteLine($"{code.Key}: {code.Count()} rows");
            Console.WriteLine();
        }

        Months(told, currency);
        Names(preview ? "new items" : "items made", told.NewItems);
        Names(preview ? "new customers" : "customers made", told.NewCustomers);
        if (told.Opening.Count > 0) Console.WriteLine($"Opening stock of {told.Opening.Count} items: {new Quantity(told.Opening.Values.Sum())} pieces.");
        foreach (var line in told.Differences)
            Console.WriteLine($"{line.File}: line {line.Line}: {line.Document}: {line.Sku}: {Text(line.Exact)} is booked as {new Money(line.Booked, currency)}, a difference of {Text(line.Difference)}.");
        Console.WriteLine($"{told.Rows} rows in {told.Files} files, {told.Documents} documents: {told.Fresh} {(preview ? "would be" : "were")} posted, {told.Unchanged} were here already, {told.Refused.Count} rows refused.");
    }

    /// <summary>Documents, lines and money by month: what the files say exactly, and what is booked.</summary>
    private static void Months(PastOutcome told, Currency currency)
    {
        var all = new PastMonth("all");
        Console.WriteLine($"{"month",-8}{"sales",8}{"returns",9}{"lost",7}{"found",7}{"lines",9}{"sales exact",18}{"booked",16}{"returns exact",18}{"booked",16}{"net booked",16}");
        foreach (var month in told.Months)
        {
            all.Add(month);
            Line(month);
        }

        Line(all);
        Console.WriteLine();
        void Line(PastMonth month) => Console.WriteLine(
            $"{month.Month,-8}{month.Sales,8}{month.Returns,9}{month.WriteOffs,7}{month.Found,7}{month.Lines,9}{Text(month.ExactSales),18}{new Money(month.BookedSales, currency),16}"
            + $"{Text(month.ExactReturns),18}{new Money(month.BookedReturns, currency),16}{new Money(month.BookedSales - month.BookedReturns, currency),16}");
    }

    private static void Names(string what, IReadOnlyList<string> names)
    {
        if (names.Count > 0) Console.WriteLine($"{names.Count} {what}: {string.Join(", ", names.Take(8))}{(names.Count > 8 ? ", ..." : "")}");
    }

    /// <summary>With two decimals, and with more where it has more.</summary>
    private static string Text(decimal amount) => amount.ToString("0.00##########", CultureInfo.InvariantCulture);

    private static async Task WriteRefused(string file, IReadOnlyList<PastRefusal> rows, CancellationToken ct)
    {
        var text = new StringBuilder("file,line,document,field,code,reason\n");
        foreach (var row in rows) text.AppendJoin(',', Cell(row.File), row.Line, Cell(row.Document), Cell(row.Field), row.Code, Cell(row.Reason)).Append('\n');
        await File.WriteAllTextAsync(file, text.ToString(), ct);
    }

    /// <summary>In quotes where it must be; what a spreadsheet would take for a formula is made a text.</summary>
    private static string Cell(string text)
    {
        var safe = text.Length > 0 && "=+-@".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private sealed class Steps(IProgress<Step> steps) : IProgress<PastStep>
    {
        public void Report(PastStep value) => steps.Report(new Step(value.What, value.Done, value.Total));
    }
}
