using System.Globalization;
using System.IO.Compression;
using Plug1.Customers.Segments;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Customers.Tests.Segments;

/// <summary>What one statement over all customers says is what the definition says of each of them, reckoned one by one.</summary>
public sealed class SegmentLaws
{
    private const int Rules = 12;
    private static readonly DateOnly First = new(2026, 1, 5);
    private static readonly Currency Euro = new("EUR", 2);

    [Theory, OnBothEngines]
    public async Task Members_are_those_of_whom_the_definition_holds_at_any_time(Engine engine)
    {
        await using var market = await Market.Open(engine);
        var random = new Random(20260331);
        var ids = await market.Customers([.. Enumerable.Range(0, 25).Select(at => $"Customer {at}")]);
        var sales = Enumerable.Range(0, 160).Select(_ => (Party: ids[random.Next(20)], Day: First.AddDays(random.Next(80)), Net: random.Next(5) == 0 ? -(long)random.Next(1, 50_00) : random.Next(0, 200_00))).ToList();
        await market.Sell(sales);
        var rules = Enumerable.Range(0, Rules).Select(_ => Node(random, 1)).ToList();
        market.Clock.Now = At(First);
        var versions = new List<Guid>();
        for (var at = 0; at < Rules; at++) versions.Add(await market.Define($"S{at}", rules[at].Json));
        var days = new[] { 10, 33, 34, 60, 85 }.Select(after => First.AddDays(after)).ToList();
        foreach (var day in days)
        {
            market.Clock.Now = At(day);
            foreach (var version in versions) await market.Refresh(version);
        }

        foreach (var day in days)
        {
            var scores = Scores(ids, sales, day);
            for (var at = 0; at < Rules; at++)
            {
                var naive = ids.Where(id => rules[at].Holds(Figures(sales, id, day, scores))).Order().ToList();
                (await market.Members($"S{at}", At(day))).Order().ShouldBe(naive, $"{rules[at].Json} as of {day:yyyy-MM-dd}");
            }
        }
    }

    [Theory, OnBothEngines]
    public async Task Customers_of_the_published_retail_data_have_the_recency_and_sales_of_the_known_answers(Engine engine)
    {
        // The data is no part of the repository.
        if (DataSet.Folder("online-retail") is not { } folder) return;
        await using var market = await Market.Open(engine);
        var known = Lines(Path.Combine(folder, "known-answers", "rfm.csv.gz")).Select(line => line.Split(',')).ToDictionary(cells => cells[0]);
        var codes = known.Keys.Order(StringComparer.Ordinal).ToList();
        var ids = await market.Customers([.. codes]);
        var byCode = codes.Zip(ids).ToDictionary(pair => pair.First, pair => pair.Second);
        await market.Sell([.. System.IO.Directory.GetFiles(folder, "lines-*.csv.gz").SelectMany(Lines).Select(Cells).Where(cells => byCode.ContainsKey(cells[6]))
            .Where(cells => cells[0].StartsWith('C') || (!cells[0].StartsWith('A') && int.Parse(cells[3], CultureInfo.InvariantCulture) > 0 && Mills(cells[5]) > 0))
            .GroupBy(cells => (Customer: cells[6], Day: cells[4][..10], Return: cells[0].StartsWith('C')))
            .Select(group => (byCode[group.Key.Customer], DateOnly.ParseExact(group.Key.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture), group.Sum(cells => int.Parse(cells[3], CultureInfo.InvariantCulture) * Mills(cells[5]))))]);
        var asOf = new DateOnly(2011, 7, 1);
        var told = (await market.Database.Read(db => db.Query(RfmSql.Scores(new MeasureQuestion(engine, asOf, market.Clock.GetUtcNow())), row => (Party: row.Guid(0), Days: row.Long(1), Net: row.Long(3), M: row.Long(6)))))
            .ToDictionary(row => row.Party);
        var bought = known.Values.Where(cells => cells[3].Length > 0).ToList();
        told.Count.ShouldBe(bought.Count);
        bought.Count.ShouldBeGreaterThan(2_900);
        bought.Where(cells => told[byCode[cells[0]]] is var one && (one.Days.ToString(CultureInfo.InvariantCulture) != cells[3] || one.Net != Mills(cells[8]))).Select(cells => cells[0]).ShouldBeEmpty();
        // The answers part equal values by their order, so a few at the edges of a fifth differ.
        bought.Count(cells => told[byCode[cells[0]]].M.ToString(CultureInfo.InvariantCulture) == cells[11]).ShouldBeGreaterThan((int)(bought.Count * 0.99));
    }

    private static DateTimeOffset At(DateOnly day) => new(day.ToDateTime(new TimeOnly(10, 0)), TimeSpan.Zero);

    private static Dictionary<Guid, (RfmScore Score, string Cell)> Scores(IReadOnlyList<Guid> ids, List<(Guid Party, DateOnly Day, long Net)> sales, DateOnly day)
    {
        var model = new RfmModel();
        var figures = ids.Select(id => (Id: id, Figures: Rfm.Measure(sales.Where(sale => sale.Party == id).Select(sale => new Purchase(sale.Day, new Money(sale.Net, Euro))), day, model.WindowMonths)))
            .Where(one => one.Figures is not null).ToList();
        var scores = Rfm.Score([.. figures.Select(one => one.Figures!.Value)], model);
        return figures.Zip(scores).ToDictionary(pair => pair.First.Id, pair => (pair.Second, Rfm.Cell(pair.Second, model)));
    }

    private static Dictionary<string, object?> Figures(List<(Guid Party, DateOnly Day, long Net)> all, Guid id, DateOnly day, Dictionary<Guid, (RfmScore Score, string Cell)> scores)
    {
        var own = all.Where(sale => sale.Party == id && sale.Day <= day).ToList();
        var bought = own.Where(sale => sale.Net >= 0).ToList();
        var stands = scores.TryGetValue(id, out var found);
        return new()
        {
            ["recencyDays"] = bought.Count == 0 ? null : (long)(day.DayNumber - bought.Max(sale => sale.Day.DayNumber)),
            ["orders"] = (long)bought.Count,
            ["sales"] = own.Sum(sale => sale.Net),
            ["averageSale"] = bought.Count == 0 ? null : new Ratio(bought.Sum(sale => sale.Net), bought.Count).Round(Rounding.HalfAwayFromZero),
            ["firstSale"] = bought.Count == 0 ? null : (long)bought.Min(sale => sale.Day.DayNumber),
            ["rfmRecency"] = stands ? (long)found.Score.R : null,
            ["rfmMoney"] = stands ? (long)found.Score.M : null,
            ["rfmCell"] = stands ? found.Cell : null,
        };
    }

    /// <summary>A random rule: as JSON, and as a test of a customer's figures.</summary>
    private static (string Json, Func<Dictionary<string, object?>, bool> Holds) Node(Random random, int level)
    {
        var kind = level < 4 ? random.Next(5) : 4;
        if (kind == 3 && Node(random, level + 1) is var inner) return ($"{{\"not\":{inner.Json}}}", figures => !inner.Holds(figures));
        if (kind < 3)
        {
            var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Node(random, level + 1)).ToList();
            var all = random.Next(2) == 0;
            return ($"{{\"{(all ? "all" : "any")}\":[{string.Join(',', parts.Select(part => part.Json))}]}}", figures => all ? parts.All(part => part.Holds(figures)) : parts.Any(part => part.Holds(figures)));
        }

        var (key, text, value) = random.Next(8) switch
        {
            0 => ("recencyDays", null, (object)(long)random.Next(60)),
            1 => ("orders", null, (long)random.Next(8)),
            2 => ("sales", "money", (long)random.Next(900_00)),
            3 => ("averageSale", "money", (long)random.Next(150_00)),
            4 => ("firstSale", "date", (long)First.AddDays(random.Next(30)).DayNumber),
            5 => ("rfmRecency", null, (long)random.Next(1, 6)),
            6 => ("rfmMoney", null, (long)random.Next(1, 6)),
            _ => ("rfmCell", (string?)null, (object)RfmModel.SeededGrid[random.Next(11)].Name),
        };
        var op = (value is string ? ["=", "<>"] : new[] { "=", "<>", "<", "<=", ">", ">=" })[random.Next(value is string ? 2 : 6)];
        var shown = text switch
        {
            "money" => new Money((long)value, Euro).ToString(),
            "date" => DateOnly.FromDayNumber((int)(long)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
        return ($"{{\"measure\":\"{key}\",\"op\":\"{op}\",\"value\":\"{shown}\"}}", figures =>
        {
            if (figures[key] is not { } has) return false;
            var order = Comparer<object>.Default.Compare(has, value);
            return op switch { "=" => order == 0, "<>" => order != 0, "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
        });
    }

    private static long Mills(string amount) => (long)(decimal.Parse(amount, CultureInfo.InvariantCulture) * 1000);

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line) yield return line;
    }

    /// <summary>The cells of a line, of which the description may be in quotes.</summary>
    private static string[] Cells(string line)
    {
        if (!line.Contains('"', StringComparison.Ordinal)) return line.Split(',');
        var (open, close) = (line.IndexOf('"', StringComparison.Ordinal), line.LastIndexOf('"'));
        return [.. line[..open].TrimEnd(',').Split(','), line[open..close], .. line[(close + 1)..].TrimStart(',').Split(',')];
    }
}
