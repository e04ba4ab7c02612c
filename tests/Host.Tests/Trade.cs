using System.Net;
using System.Net.Http.Json;
using Plug1.Host.CommandLine;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Shouldly;

namespace Plug1.Host.Tests;

/// <summary>A shop with a little trade in its books, for tests of what is done with books.</summary>
internal static class Trade
{
    private static readonly Currency Euro = Currencies.Of("EUR");

    /// <summary>A company with two items in stock and three sales: by cash, by card with a half kilogram, and of something whose code no other program can write as it is.</summary>
    public static async Task<string> Make(Plug1 plug1)
    {
        (await plug1.Run("company", "--currency", "EUR", "--name", "Corner; shop \"1\"")).ExitCode.ShouldBe(0);
        await using (var at = Common.Open(new Place(plug1.Folder, plug1.Setting))) await Furnish(at);
        var token = (await plug1.Run("token", "create", "--user", "admin")).Out.Trim();
        await using var server = await plug1.Serve();
        await Post(server, token, "shifts/T1/open", new { @float = "100.00" });
        await Sell(server, token, new { sku = "TEA", quantity = "3" });
        await Post(server, token, "checkout", new { terminalId = "T1", lines = new object[] { new { sku = "cheese / \"old\"", quantity = "0.5" } }, tenders = new[] { new { method = "CARD" } } });
        await Sell(server, token, new { sku = "TEA", quantity = "1" });
        return token;
    }

    /// <summary>Sells one thing for cash.</summary>
    public static Task Sell(Serving server, string token, object line) =>
        Post(server, token, "checkout", new { terminalId = "T1", lines = new[] { line }, tenders = new[] { new { method = "CASH" } } });

    /// <summary>Changes the books as nobody may: past the triggers.</summary>
    public static async Task Tamper(Plug1 plug1, string table, string trigger, string statement)
    {
        await using var database = Database.Open(plug1.Setting);
        await database.Write(async tx =>
        {
            tx.Stage(Sql.Raw(tx.Engine == Engine.Sqlite ? $"drop trigger {trigger}" : $"alter table {table} disable trigger user"));
            tx.Stage(Sql.Raw(statement));
            await tx.Flush();
        });
    }

    private static async Task Furnish(Workplace at)
    {
        var clock = at.Get<TimeProvider>();
        var (food, tax) = (Ids.New(clock), Ids.New(clock));
        await at.Database.Write(async tx =>
        {
            var list = await tx.First($"select id from price_list where is_base", row => row.Guid(0));
            tx.Stage($"insert into category (id, code, name) values ({food}, {"FOOD"}, {"Food"})");
            tx.Stage($"insert into tax_code (id, code, name, category) values ({tax}, {"S20"}, {"Standard"}, {"S"})");
            tx.Stage($"insert into tax_component (tax_code_id, seq, code, name, valid_from, rate) values ({tax}, {1L}, {"VAT"}, {"VAT"}, {new DateOnly(2000, 1, 1)}, {200_000L})");
            foreach (var (sku, unit, price) in new[] { ("TEA", "EA", 3_600_000L), ("cheese / \"old\"", "KG", 24_000_000L) })
            {
                var item = Ids.New(clock);
                tx.Stage($"insert into item (id, sku, name, category_id, unit_code, tax_code_id) values ({item}, {sku}, {sku}, {food}, {unit}, {tax})");
                tx.Stage($"insert into price (id, price_list_id, item_id, valid_from, price) values ({Ids.New(clock)}, {list}, {item}, {new DateOnly(2000, 1, 1)}, {price})");
            }

            tx.Stage($"update config_stamp set stamp = stamp + 1 where area = {"catalogue"}");
        });
        await Receive(at);
    }

    private static async Task Receive(Workplace at)
    {
        var branch = (await at.Get<OrganisationBook>().Get()).Branches[0];
        var warehouse = (await at.Get<OrganisationBook>().Get()).Warehouses[0];
        var stamp = await at.Get<CommandRunner>().StampOf(new CommandCall(Actor.System, branch.Id));
        var items = await at.Database.Read(db => db.Query($"select id, sku, category_id from item order by sku",
            row => new StockItem(row.Guid(0), row.Text(1), row.Guid(2), UsesLots: false, Fifo: false, LotRequired: false, StandardCost: null)));
        var received = await at.Database.Write<bool>(async tx =>
        {
            var header = Header.Draft(Ids.New(at.Get<TimeProvider>()), "kernel.stock", "receipt", stamp, Euro.Code);
            foreach (var status in new[] { Status.Submitted, Status.Approved, Status.Posted }) header.MoveTo(status, stamp);
            Headers.Insert(tx, header);
            var posting = new Posting(header.Id, stamp.BusinessDate, "goods; in | \"now\"");
            var done = await at.Get<StockReceipts>().Receive(tx, posting, [.. items.Select(item => new ReceiptLine(item, warehouse.Id, 10_000_000, 1_000))],
                AccountRoles.Supplier, new AccountKey(AccountRoles.GoodsReceivedNotInvoiced, Euro.Code, "", branch.Id), Euro, branch.Id);
            if (done.Refusal is { } no) return no;
            await at.Get<LedgerBook>().Post(tx, posting, stamp, null);
            return true;
        });
        received.IsRefused.ShouldBeFalse(received.ToString());
    }

    private static async Task Post(Serving server, string token, string path, object body)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sales/point-of-sale/{path}") { Content = JsonContent.Create(body) };
        ask.Headers.Authorization = new("Bearer", token);
        using var answer = await server.Http.SendAsync(ask);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }
}
