using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Sales;
using Plug1.Sales.Tests.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Plug1.Crash.Tests;

/// <summary>The server is killed while it sells; whatever it acknowledged is there, whole, and nothing is there by half.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 5;
    private const string Pos = "/api/v1/sales/point-of-sale";
    private static readonly string[] Tills = ["T1", "T2"];

    // Every key that was ever sent, with its body; and what was acknowledged under it.
    private readonly ConcurrentDictionary<string, string> sent = new();
    private readonly ConcurrentDictionary<string, string> acknowledged = new();

    [Theory, OnBothEngines]
    public async Task A_server_killed_while_it_sells_has_kept_every_acknowledged_sale_whole_and_no_half_one(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Receive(("TEA", "100000", "150000.00"), ("CUP", "100000", "90000.00"), ("BREAD", "100000", "70000.00"));
        var manager = await shop.Account("administrator", "ada");
        var token = (await shop.Of<ApiTokens>().Create(Caller.System, "till", manager.Id, null)).Value.Token;
        // The program that is killed shall be the only one that has the database open.
        await shop.Database.DisposeAsync();

        var random = new Random(7);
        var resent = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await using var victim = await Victim.Serve(shop.Setting, token);
            if (round == 0)
            {
                foreach (var till in Tills) (await victim.Post($"{Pos}/shifts/{till}/open", """{"float":"100.00"}""", $"open-{till}"))!.Value.Status.ShouldBe(201);
            }

            resent += await SendAgain(victim);
            var selling = Enumerable.Range(0, 4).Select(client => Task.Run(() => Sell(victim, round, client))).ToList();
            await Task.Delay(random.Next(300, 2500));
            await victim.Kill();
            await Task.WhenAll(selling);
            await Look(shop.Setting);
        }

        await using (var last = await Victim.Serve(shop.Setting, token)) resent += await SendAgain(last);
        await Look(shop.Setting);
        output.WriteLine($"{engine}: {sent.Count} sales sent over {Rounds} kills, {acknowledged.Count} acknowledged, {resent} calls sent again");
        acknowledged.Count.ShouldBe(sent.Count);
        acknowledged.Count.ShouldBeGreaterThan(Rounds * 4);
    }

    private async Task Sell(Victim victim, int round, int client)
    {
        for (var step = 0; ; step++)
        {
            var key = $"{round}-{client}-{step}";
            var body = $$"""{"terminalId":"{{Tills[client % 2]}}","lines":[{"sku":"TEA","quantity":"{{1 + (step % 3)}}"},{"sku":"CUP"},{"sku":"BREAD","quantity":"2"}],"tenders":[{"method":"CARD","amount":"1.00"},{"method":"CASH"}]}""";
            sent[key] = body;
            if (await victim.Post($"{Pos}/checkout", body, key) is not { } answer) return;
            answer.Status.ShouldBe(201, answer.Body);
            acknowledged[key] = answer.Body;
        }
    }

    /// <summary>Sends again what nobody answered, and some of what was answered: the answer may not differ.</summary>
    private async Task<int> SendAgain(Victim victim)
    {
        var again = sent.Where(call => !acknowledged.ContainsKey(call.Key)).Concat(sent.OrderByDescending(call => call.Key, StringComparer.Ordinal).Take(20)).DistinctBy(call => call.Key).ToList();
        foreach (var (key, body) in again)
        {
            var answer = (await victim.Post($"{Pos}/checkout", body, key)).ShouldNotBeNull();
            answer.Status.ShouldBe(201, answer.Body);
            acknowledged.GetOrAdd(key, answer.Body).ShouldBe(answer.Body, key);
        }

        return again.Count;
    }

    private async Task Look(string setting)
    {
        await using var database = Database.Open(setting);
        await using var db = await database.Reader();
        var sales = (await db.Query($"select id, number, total, status from document where kind = 'sale'", row => (Id: row.Guid(0), Number: row.Text(1), Total: row.Long(2), Status: row.Text(3)))).ToDictionary(sale => sale.Id);
        foreach (var (key, answer) in acknowledged)
        {
            var told = JsonNode.Parse(answer)!;
            sales.TryGetValue(Guid.Parse(told["id"]!.GetValue<string>()), out var sale).ShouldBeTrue(key);
            (sale.Number, sale.Status, sale.Total).ShouldBe((told["number"]!.GetValue<string>(), "posted", (long)(decimal.Parse(told["total"]!.GetValue<string>()) * 100)), key);
        }

        (await db.Number($"select count(*) from idempotency where key not like 'open-%'")).ShouldBe(sales.Count);
        foreach (var (what, sql) in Halves) (await db.Number(Sql.Raw(sql))).ShouldBe(0, what);
        foreach (var till in Tills)
        {
            var numbers = sales.Values.Select(sale => sale.Number).Where(number => number.StartsWith($"HQ-{till}-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
            numbers.ShouldBe(Enumerable.Range(1, numbers.Count).Select(at => $"HQ-{till}-{at:D6}"));
        }

        await foreach (var violation in LedgerCheck.Run(db, [.. LedgerCheck.Laws(db.Engine), .. SalesModule.Laws(db.Engine)])) Assert.Fail($"{violation.Law.Law} {violation.Where}");
    }

    /// <summary>Counts of what would be half a sale.</summary>
    private static readonly (string What, string Sql)[] Halves =
    [
        ("a sale without its row", "select count(*) from document d where d.kind = 'sale' and not exists (select 1 from pos_sale s where s.document_id = d.id)"),
        ("a row without its document", "select count(*) from pos_sale s where not exists (select 1 from document d where d.id = s.document_id)"),
        ("a sale without its three lines", "select count(*) from document d where d.kind = 'sale' and (select count(*) from pos_sale_line l where l.document_id = d.id) <> 3"),
        ("a sale without its two tenders", "select count(*) from document d where d.kind = 'sale' and (select count(*) from pos_tender t where t.document_id = d.id) <> 2"),
        ("a sale not paid to the cent", "select count(*) from document d join pos_sale s on s.document_id = d.id where d.kind = 'sale' and (select sum(t.amount) from pos_tender t where t.document_id = d.id) <> d.total + s.rounding"),
        ("a sale without its ledger transaction", "select count(*) from document d where d.kind = 'sale' and (select count(*) from ledger_transaction t where t.document_id = d.id) <> 1"),
        ("a unit that does not sum to zero", "select count(*) from (select 1 from entry group by transaction_id, unit_id having sum(amount) <> 0) as unbalanced"),
        ("a sale without its four facts", "select count(*) from document d where d.kind = 'sale' and (select count(*) from fact f where f.document_id = d.id) <> 4"),
        ("a fact that differs from its sale", "select count(*) from pos_sale s join fact f on f.document_id = s.document_id and f.grain = 0 where f.amount <> s.net or f.m3 <> s.tax or f.cost <> s.cost"),
        ("a sale without its audit event", "select count(*) from document d where d.kind = 'sale' and not exists (select 1 from audit_event a where a.object_id = d.id)"),
    ];
}
