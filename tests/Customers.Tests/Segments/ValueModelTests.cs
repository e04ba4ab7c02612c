using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Segments;
using Plug1.Kernel;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using Xunit.Abstractions;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Segments;

public sealed class ValueModelTests(ITestOutputHelper output)
{
    private static readonly BgNbdParameters Model = new(0.35, 6, 0.9, 3);

    [Fact]
    public void The_example_customer_is_alive_with_0_7299_buys_1_1543_times_and_is_worth_159_61()
    {
        BgNbd.Alive(Model, 4, 20, 26).ShouldBe(0.7299, 0.00005);
        BgNbd.Expected(Model, 4, 20, 26, 13).ShouldBe(1.1543, 0.00005);
        var spend = GammaGamma.Spend(new GammaGammaParameters(6, 4, 15), 4, 48.50);
        spend.ShouldBe(46.44, 0.005);
        Clv.Discounted(Model, 4, 20, 26, spend, 12, Rate.Percent(1)).ShouldBe(159.61, 0.01);
    }

    [Fact]
    public void Who_never_came_back_is_alive_by_the_model_and_no_weeks_bring_nothing()
    {
        BgNbd.Alive(Model, 0, 0, 52).ShouldBe(1);
        BgNbd.Expected(Model, 4, 20, 26, 0).ShouldBe(0, 1e-12);
        BgNbd.Expected(Model with { A = 1 }, 4, 20, 26, 13).ShouldBe(BgNbd.Expected(Model with { A = 1.0001 }, 4, 20, 26, 13), 1e-3);
        BgNbd.Expected(Model, 2_000, 500, 501, 52).ShouldBeInRange(0, 2_000);
        GammaGamma.Spend(new GammaGammaParameters(6, 4, 15), 0, 0).ShouldBe(30, 1e-9);
        GammaGamma.Spend(new GammaGammaParameters(6, 0.9, 15), 3, 12).ShouldBe(12);
    }

    [Fact]
    public void Longer_waiting_brings_more_purchases_and_never_more_than_without_leaving() =>
        Prop.ForAll(Gen.Choose(0, 60).SelectMany(x => Gen.Choose(0, 300).SelectMany(last => Gen.Choose(0, 300).Select(since => (x, last, since)))).ToArbitrary(), customer =>
        {
            var (last, age) = (customer.x == 0 ? 0 : customer.last / 3.0, (customer.last + customer.since) / 3.0);
            var (short13, long52) = (BgNbd.Expected(Model, customer.x, last, age, 13), BgNbd.Expected(Model, customer.x, last, age, 52));
            var stays = (Model.R + customer.x) / (Model.Alpha + age) * 52;
            return short13 >= 0 && long52 >= short13 && long52 <= stays * (1 + 1e-9) && BgNbd.Alive(Model, customer.x, last, age) is >= 0 and <= 1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_model_needs_a_hundred_customers_who_came_back_and_until_then_sales_times_retention_stand_in()
    {
        var once = new PurchaseHistory(0, 0, 70, Usd2("0.00"));
        var back = new PurchaseHistory(1, 7, 70, Usd2("10.00"));
        Clv.IsEnough([.. Enumerable.Repeat(back, 60), .. Enumerable.Repeat(once, 500)]).ShouldBeFalse();
        Clv.IsEnough(Enumerable.Repeat(back, 100)).ShouldBeTrue();
        Clv.Fallback(Usd2("1234.50"), Rate.Percent(35)).ShouldBe(Usd2("432.08"));
        Should.Throw<InvariantBrokenException>(() => BgNbd.Fit([]));
        Should.Throw<InvariantBrokenException>(() => GammaGamma.Fit([once]));
    }

    [Fact]
    public void On_the_published_customers_the_fit_has_the_published_parameters()
    {
        if (DataSet.Folder("cdnow-customers") is not { } folder)
        {
            output.WriteLine("The data set cdnow-customers is not on this machine; nothing was compared.");
            return;
        }

        var calibration = Day("1997-09-30");
        var bought = Rows(Path.Combine(folder, "purchases.csv.gz"))
            .GroupBy(row => row[0], row => new Purchase(Day(row[1]), Usd2(row[3])), StringComparer.Ordinal)
            .ToDictionary(customer => customer.Key, customer => customer.ToList(), StringComparer.Ordinal);
        var histories = bought.ToDictionary(customer => customer.Key, customer => Rfm.History(customer.Value, calibration)!, StringComparer.Ordinal);
        histories.Count.ShouldBe(2357);
        histories.Values.Count(one => one.Repeats > 0).ShouldBe(946);
        var summary = Rows(Path.Combine(folder, "known-answers", "calibration_summary_1997-09-30.csv.gz")).ToList();
        foreach (var row in summary)
        {
            var one = histories[row[0]];
            one.Repeats.ShouldBe(int.Parse(row[1], CultureInfo.InvariantCulture));
            (one.LastDays / 7.0).ShouldBe(double.Parse(row[2], CultureInfo.InvariantCulture), 1e-5);
            (one.AgeDays / 7.0).ShouldBe(double.Parse(row[3], CultureInfo.InvariantCulture), 1e-5);
        }

        var watch = Stopwatch.StartNew();
        var fit = BgNbd.Fit(histories.Values);
        output.WriteLine($"BG/NBD {fit} in {watch.ElapsedMilliseconds} ms");
        fit.Parameters.R.ShouldBe(0.243, 0.0005);
        fit.Parameters.Alpha.ShouldBe(4.414, 0.0005);
        fit.Parameters.A.ShouldBe(0.793, 0.0005);
        fit.Parameters.B.ShouldBe(2.426, 0.0005);
        fit.LogLikelihood.ShouldBe(-9582.4, 0.05);
        BgNbd.LogLikelihood(fit.Parameters, histories.Values).ShouldBe(fit.LogLikelihood, 1e-6);

        watch.Restart();
        var spend = GammaGamma.Fit(histories.Values);
        output.WriteLine($"Gamma-Gamma {spend} in {watch.ElapsedMilliseconds} ms");
        spend.Customers.ShouldBe(946);
        spend.Parameters.P.ShouldBe(6.25, 0.005);
        spend.Parameters.Q.ShouldBe(3.74, 0.005);
        spend.Parameters.V.ShouldBe(15.44, 0.02);

        var expected = histories.Values.Sum(one => BgNbd.Expected(fit.Parameters, one.Repeats, one.LastDays / 7.0, one.AgeDays / 7.0, 39));
        var actual = summary.Sum(row => int.Parse(row[4], CultureInfo.InvariantCulture));
        output.WriteLine($"39 weeks: expected {expected:F1}, bought {actual}");
        Math.Abs((expected / actual) - 1).ShouldBeLessThan(0.15);
    }

    private static IEnumerable<string[]> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line) yield return line.Split(',');
    }
}
