using System.CommandLine;
using System.Globalization;
using System.Text;
using Plug1.Host.Setup;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 ledger export | check</c>: the books for another program, and the books against themselves.</summary>
internal static class LedgerCommands
{
    private static readonly Option<string> Format = new Option<string>("--format")
    {
        Description = "hledger or beancount.",
        DefaultValueFactory = _ => "hledger",
    }.AcceptOnlyFromAmong("hledger", "beancount");

    private static readonly Option<string?> From = new("--from") { Description = "First business day; what was before is one opening transaction on the day before.", HelpName = "YYYY-MM-DD" };

    private static readonly Option<string?> To = new("--to") { Description = "Last business day, included.", HelpName = "YYYY-MM-DD" };

    private static readonly Option<string?> Out = new("--out") { Description = "The file; without it, standard output.", HelpName = "FILE" };

    /// <summary>The command.</summary>
    public static Command Make() => new("ledger", "The ledger: export and check.")
    {
        new Command("export", "Write the ledger, all units, for another bookkeeping program, with every account's balance at the end for it to check.") { Format, From, To, Out }.Works(Export),
        new Command("check", "Recompute balances, sums, stock values, tax and facts from the entries, and print every difference.").Works(Check),
    };

    private static async Task<int> Export(Workplace at, ParseResult parsed, CancellationToken ct)
    {
        var (from, to) = (DayOf(parsed.GetValue(From)), DayOf(parsed.GetValue(To)));
        if (from > to) throw new CommandFailure("The first day is after the last.", ExitCode.Usage);
        var format = parsed.GetRequiredValue(Format) == "beancount" ? LedgerFormat.Beancount : LedgerFormat.Hledger;
        if (parsed.GetValue(Out) is not { } file)
        {
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 65_536);
            await Write(output, null);
            return ExitCode.Done;
        }

        // Written aside and moved, so that nobody takes half an export for a whole one.
        var partial = file + ".partial";
        try
        {
            var written = await Progress.Show($"Writing the ledger to {file}.", async progress =>
            {
                await using var output = new StreamWriter(partial, append: false, new UTF8Encoding(false), 65_536);
                return await Write(output, progress);
            });
            File.Move(partial, file, overwrite: true);
            Console.WriteLine($"{written} transactions were written to {file}.");
        }
        finally
        {
            File.Delete(partial);
        }

        return ExitCode.Done;

        Task<long> Write(TextWriter output, IProgress<Step>? progress) => Moment.Read(at.Database, async db =>
        {
            var total = progress is null ? 0 : await db.Number($"select count(*) from ledger_transaction where business_date >= {from ?? DateOnly.MinValue} and business_date <= {to ?? DateOnly.MaxValue}", ct);
            return await LedgerExport.Write(db, format, output, from, to, done => progress?.Report(new Step("Writing transactions", done, total)), ct);
        }, ct);
    }

    private static async Task<int> Check(Workplace at, ParseResult parsed, CancellationToken ct)
    {
        var laws = Composition.Laws(at.Database.Engine);
        var found = new Dictionary<string, long>();
        var entries = await Progress.Show($"Checking {laws.Count} laws.", progress => Moment.Read(at.Database, async db =>
        {
            var (done, count) = (0, await db.Number($"select count(*) from entry", ct));
            await foreach (var violation in LedgerCheck.Run(db, laws, law => progress.Report(new Step(law.Code, done++, laws.Count)), ct))
            {
                found[violation.Law.Code] = found.GetValueOrDefault(violation.Law.Code) + 1;
                Console.WriteLine($"{violation.Law.Code}: {violation.Where}");
            }

            return count;
        }, ct));
        foreach (var law in laws.Where(law => found.ContainsKey(law.Code))) Console.WriteLine($"{found[law.Code]} x {law.Code} broken: {law.Law}");
        Console.WriteLine(found.Count == 0 ? $"The books are in order: {laws.Count} laws over {entries} entries." : $"The books are not in order: {found.Values.Sum()} differences.");
        return found.Count == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    private static DateOnly? DayOf(string? text) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new CommandFailure($"'{text}' is no day of the form YYYY-MM-DD.", ExitCode.Usage);
}
