using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

public sealed class RollupTests
{
    private static readonly DateOnly From = new(2026, 1, 10), To = new(2026, 3, 20);

    /// <summary>Sums and tail, beside the plain sum of the facts, in one statement and so in one snapshot.</summary>
    private static Task<List<(long Told, long Plain)>> Both(Db db, FactQuery query, string plain, long grain) => db.Query(
        $"select p.*, (select coalesce({Sql.Raw(plain)}, 0) from fact where grain = {grain} and business_date >= {query.From} and business_date <= {query.To}) from ({query.Plan().Value.ToSql(db.Engine)}) as p",
        row => (row.Long(0), row.Long(1)));

    [Theory, OnBothEngines]
    public async Task Sums_and_tail_are_right_at_every_step_while_four_write_and_two_nodes_sum(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(seed => Task.Run(async () =>
        {
            for (var batch = 0; batch < 15; batch++)
            {
                await shop.Database.Write(async tx =>
                {
                    shop.Deliver(tx, new Random((seed * 100) + batch), 5);
                    await tx.Flush();
                    // On PostgreSQL others commit with higher numbers while this one is still open.
                    if (engine == Engine.Postgres) await Task.Delay(batch % 4 * 7);
                });
            }
        })).ToArray();
        var nodes = new[] { shop.Database, shop.Again() }.Select(node => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested) await new Rollups(node).CatchUp(chunk: 11);
        })).ToArray();

        var looks = 0;
        await using (var db = await shop.Database.Reader())
        {
            while (!Task.WhenAll(writers).IsCompleted || looks < 20)
            {
                (await Both(db, Shop.Ask(From, To, "net"), "sum(amount)", 0)).ShouldAllBe(pair => pair.Told == pair.Plain);
                (await Both(db, Shop.Ask(From, To, "net") with { Filters = new Dictionary<string, string> { ["item"] = string.Join(',', shop.Items) } }, "sum(amount)", 1))
                    .ShouldAllBe(pair => pair.Told == pair.Plain);
                looks++;
            }
        }

        await Task.WhenAll(writers);
        await done.CancelAsync();
        await Task.WhenAll(nodes);
        await shop.Settle();
        var left = await shop.Database.Read(db => db.Number($"select count(*) from fact where tx > (select tx from watermark where name = 'fact')"));
        left.ShouldBe(0);
        (await shop.Database.Read(db => db.Number($"select sum(count) from fact_day where grain = 0"))).ShouldBe(await shop.Database.Read(db => db.Number($"select sum(count) from fact where grain = 0")));
    }

    [Theory, OnBothEngines]
    public async Task Every_grouping_tells_the_same_before_half_way_and_after_summing(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(1, 400);
        string[][] groupings = [["day"], ["week"], ["month"], ["branch"], ["user"], ["shift"], ["channel"], ["hour"], ["weekday"], ["status"], ["driver"], ["street"], ["category"], ["item"],
            ["month", "item"], ["week", "category"], ["day", "branch", "item"], ["item", "hour"], ["party"]];

        async Task<List<string>> Told()
        {
            var told = new List<string>();
            await using var db = await shop.Database.Reader();
            foreach (var groups in groupings)
                foreach (var row in await Shop.Ask(From, To, "units", groups).Plan().Value.Run(db))
                    told.Add($"{string.Join('+', groups)}: {string.Join('|', row.Keys)} = {row.Sums[0].Above}");
            told.Sort(StringComparer.Ordinal);
            return told;
        }

        var before = await Told();
        before.Count.ShouldBeGreaterThan(500);
        await shop.Rollups.Facts(chunk: 500);
        (await Told()).ShouldBe(before);
        await shop.Settle(chunk: 100);
        (await Told()).ShouldBe(before);
        (await shop.Rollups.CatchUp()).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task A_sum_that_does_not_fit_fails_and_is_never_told_wrong(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        for (var twice = 0; twice < 2; twice++)
        {
            await shop.Database.Write(tx =>
            {
                Facts.Stage(tx, shop.StampOf(shop.North, From), new Fact { Document = shop.Draft(shop.North, From), Event = "posted", Amount = 6_000_000_000_000_000_000 });
                return Task.CompletedTask;
            });
            if (twice == 0) await shop.Settle();
        }

        await using var db = await shop.Database.Reader();
        await Should.ThrowAsync<Exception>(() => Shop.Ask(From, To, "net").Plan().Value.Run(db));
        (await Should.ThrowAsync<Exception>(() => shop.Settle())).ShouldNotBeOfType<TimeoutException>();
        (await shop.Database.Read(reader => reader.Number($"select amount from fact_day"))).ShouldBe(6_000_000_000_000_000_000);
    }

    [Theory, OnBothEngines]
    public async Task The_trial_balance_is_the_sum_of_all_entries_before_and_after_summing(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Database.Write(tx =>
        {
            tx.Stage($"insert into unit (code, scale, kind) values ('EUR', 2, 'currency')");
            tx.Stage($"insert into gl_account (code, name, kind) values ('1000', 'Cash', 'asset'), ('4000', 'Sales', 'income')");
            tx.Stage($"insert into account (role, gl_code, unit_id) select 'CashDrawer', '1000', id from unit");
            tx.Stage($"insert into account (role, gl_code, unit_id) select 'SalesRevenue', '4000', id from unit");
            return Task.CompletedTask;
        });
        var random = new Random(3);
        long cash = 0, cashInJanuary = 0;
        for (var at = 0; at < 60; at++)
        {
            var (day, amount, header) = (Shop.FirstDay.AddDays(random.Next(80)), random.Next(-500, 5_000), shop.Draft(shop.North, Shop.FirstDay));
            cash += amount;
            if (day.Month == 1) cashInJanuary += amount;
            await shop.Database.Write(tx =>
            {
                Kernel.Documents.Headers.Insert(tx, header);
                foreach (var (line, gl, signed) in new[] { (1L, "1000", (long)amount), (2L, "4000", -(long)amount) })
                    tx.Stage($"""
                        insert into entry (transaction_id, line, account_id, unit_id, amount, business_date, value_date)
                        select {header.Id}, {line}, id, unit_id, {signed}, {day}, {day} from account where gl_code = {gl}
                        """);
                tx.Stage($"""
                    insert into ledger_transaction (id, document_id, branch_id, user_id, business_date, posted_at)
                    values ({header.Id}, {header.Id}, {shop.North}, {header.CreatedBy}, {day}, {shop.Clock.Now})
                    """);
                return Task.CompletedTask;
            });
            if (at == 30) await shop.Rollups.Ledger();
        }

        for (var step = 0; step < 2; step++)
        {
            await using var db = await shop.Database.Reader();
            (await LedgerReports.TrialBalance(db, new DateOnly(2026, 12, 31))).Select(line => (line.Account, line.Balance)).ShouldBe([("1000", cash), ("4000", -cash)]);
            (await LedgerReports.TrialBalance(db, new DateOnly(2026, 1, 31))).Select(line => line.Balance).ShouldBe([cashInJanuary, -cashInJanuary]);
            (await LedgerReports.Opening(db, "1000", null, new DateOnly(2026, 2, 1)))["EUR"].ShouldBe(cashInJanuary);
            var (seen, after) = (new List<AccountEntry>(), (string?)null);
            do
            {
                var page = (await LedgerReports.Entries(db, "1000", null, Shop.FirstDay, To.AddYears(1), 7, after)).Value;
                seen.AddRange(page);
                after = page.Count == 7 ? LedgerReports.CursorOf(page[^1]) : null;
            }
            while (after is not null);
            (seen.Count, seen.Sum(entry => entry.Amount), seen.Select(entry => entry.Transaction).Distinct().Count()).ShouldBe((60, cash, 60));
            await shop.Rollups.CatchUp(chunk: 10);
        }
    }
}
