using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

public sealed class ListTests
{
    private static async Task<HashSet<Guid>> Add(Shop shop, Random random, int count)
    {
        var headers = Enumerable.Range(0, count).Select(_ =>
        {
            var header = shop.Draft(random.Next(2) == 0 ? shop.North : shop.South, Shop.FirstDay.AddDays(random.Next(20)));
            header.Total = random.Next(-1_000, 10_000);
            header.Number = random.Next(4) == 0 ? null : $"D-{header.Id.ToString("N")[24..].ToUpperInvariant()}";
            header.Status = random.Next(2) == 0 ? Status.Posted : Status.Draft;
            return header;
        }).ToList();
        await shop.Database.Write(tx =>
        {
            Headers.Insert(tx, headers);
            return Task.CompletedTask;
        });
        return [.. headers.Select(header => header.Id)];
    }

    private static Task<Result<ListPage>> Page(Shop shop, ListRequest request, Viewer? viewer = null) =>
        shop.Database.Read(db => Lists.Page(db, Deliveries.Instance, request, viewer ?? shop.Manager));

    private static ListRequest With(params (string Key, string Value)[] filters) => new() { Filters = filters.ToDictionary(filter => filter.Key, filter => filter.Value) };

    [Theory, OnBothEngines]
    public async Task Turning_pages_visits_each_row_once_while_others_are_added(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var random = new Random(11);
        foreach (var sort in new[] { "-businessDate", "businessDate", "number", "-number", "-total", "total" })
        {
            var standing = (await shop.Database.Read(db => db.Query($"select id from document", row => row.Guid(0)))).ToHashSet();
            standing.UnionWith(await Add(shop, random, 40));
            var request = new ListRequest { Sort = sort, Limit = 7, From = Shop.FirstDay, To = Shop.FirstDay.AddDays(60) };
            var (seen, after, values) = (new List<Guid>(), (string?)null, new List<object?>());
            do
            {
                var page = (await Page(shop, request with { After = after })).Value;
                var column = page.Columns.ToList().FindIndex(one => one.Key == sort.TrimStart('-'));
                seen.AddRange(page.Rows.Select(row => row.Id));
                values.AddRange(page.Rows.Select(row => row.Cells[column]));
                after = page.Next;
                await Add(shop, random, 2);
            }
            while (after is not null && seen.Count < 2_000);
            seen.Distinct().Count().ShouldBe(seen.Count, sort);
            standing.ShouldBeSubsetOf(seen, sort);
            var ordered = sort == "number" || sort == "-number" ? values.Order(Comparer<object?>.Create((x, y) => string.CompareOrdinal((string?)x, (string?)y))) : values.Order();
            values.ShouldBe(sort[0] == '-' ? ordered.Reverse() : ordered, sort);
        }
    }

    [Theory, OnBothEngines]
    public async Task Filters_narrow_and_the_total_counts_what_they_leave(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await Add(shop, new Random(12), 120);
        async Task<long> Count(string where) => await shop.Database.Read(db => db.Number(Sql.Raw($"select count(*) from document where {where}")));

        (await Page(shop, With(("status", "posted")) with { Total = true })).Value.Total.ShouldBe(await Count("status = 'posted'"));
        (await Page(shop, With(("status", "posted,draft")) with { Total = true })).Value.Total.ShouldBe(120);
        (await Page(shop, With(("branch", "S")) with { Total = true })).Value.Total.ShouldBe(await Count($"branch_id = '{shop.South:D}'"));
        (await Page(shop, With() with { Total = true }, shop.Southerner)).Value.Total.ShouldBe(await Count($"branch_id = '{shop.South:D}'"));
        (await Page(shop, new ListRequest { From = Shop.FirstDay.AddDays(3), To = Shop.FirstDay.AddDays(5), Total = true })).Value.Total
            .ShouldBe(await Count("business_date between '2026-01-04' and '2026-01-06'"));
        var row = (await Page(shop, new ListRequest { Q = "d-" })).Value.Rows[0];
        var number = (string)row.Cells[0]!;
        (await Page(shop, new ListRequest { Q = number[..8].ToLowerInvariant() })).Value.Rows.ShouldContain(one => one.Id == row.Id);
        var (found, after) = (new List<Guid>(), (string?)null);
        do
        {
            var page = (await Page(shop, new ListRequest { Q = "D-", Limit = 9, After = after })).Value;
            found.AddRange(page.Rows.Select(one => one.Id));
            after = page.Next;
        }
        while (after is not null);
        (found.Count, found.Distinct().Count()).ShouldBe(((int)await Count("number is not null"), (int)await Count("number is not null")));
        (await Page(shop, With(("number", number)))).Value.Rows.Select(one => one.Id).ShouldBe([row.Id]);
        (await Page(shop, With())).Value.Total.ShouldBeNull();
    }

    [Theory, OnBothEngines]
    public async Task What_a_list_does_not_know_is_refused(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        (await Page(shop, With(("moon", "full")))).Refusal.ShouldSatisfyAllConditions(no => no!.Code.ShouldBe("FILTER_UNKNOWN"), no => no!.At.ShouldBe("/moon"));
        (await Page(shop, With(("postedAt", "2026-01-01")))).Refusal!.Code.ShouldBe("FILTER_UNKNOWN");
        (await Page(shop, With(("total", "1.005")))).Refusal!.Code.ShouldBe("FILTER_INVALID");
        (await Page(shop, With(("party", "Ada")))).Refusal!.Code.ShouldBe("FILTER_INVALID");
        (await Page(shop, new ListRequest { Sort = "-moon" })).Refusal!.Code.ShouldBe("SORT_UNKNOWN");
        (await Page(shop, new ListRequest { Sort = "kind" })).Refusal!.Code.ShouldBe("SORT_UNKNOWN");
        (await Page(shop, new ListRequest { Sort = "-total" })).Refusal!.Code.ShouldBe("SORT_NEEDS_RANGE");
        (await Page(shop, new ListRequest { Limit = 201 })).Refusal!.Code.ShouldBe("LIMIT_INVALID");
        (await Page(shop, new ListRequest { After = "nonsense" })).Refusal!.Code.ShouldBe("CURSOR_INVALID");
        (await Page(shop, new ListRequest(), shop.Manager with { Actor = shop.Manager.Actor with { Grants = [] } })).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await Page(shop, With(("branch", "N")), shop.Southerner)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
    }
}
