using System.Collections.Frozen;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Search;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Tests.Documents;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Search;

/// <summary>What people find by the beginnings of words, on both engines alike: numbers, names of items and parties, what was written on documents.</summary>
public sealed class SearchTests
{
    [Theory, OnBothEngines]
    public async Task Words_are_found_by_their_beginnings_in_any_order_and_without_accents(Engine engine)
    {
        await using var house = await House.Open(engine);
        await Item(house, "TEA-9", "Café Crème Größe L, 250 g");
        await Item(house, "TEA-10", "Cafetière");
        foreach (var (question, found) in new[]
        {
            ("caf", "TEA-10 TEA-9"), ("creme caf", "TEA-9"), ("GROSS", "TEA-9"), ("größe", "TEA-9"), ("tea 9", "TEA-9"), ("250", "TEA-9"), ("rème", ""), ("caf zzz", ""), ("c", ""), ("", ""),
        }) (await Items(house, question)).ShouldBe(found, question);

        await house.Database.Write(tx => Stage(tx, new SearchEntry("item", ids["TEA-10"], "name", "Teapot")));
        (await Items(house, "caf")).ShouldBe("TEA-9", "the text that took its place counts alone");
        (await Items(house, "teapo")).ShouldBe("TEA-10");
    }

    [Theory, OnBothEngines]
    public async Task No_question_is_an_expression_and_none_breaks_anything(Engine engine)
    {
        await using var house = await House.Open(engine);
        await Item(house, "A", "near or and not");
        foreach (var question in new[] { "\"", "'", "* ", "a' OR '1", "\"near\"(", "near(a b)", "body:x", "^a", "a & b | !c", "a:*", "\\", "%%", "__", "-near", "😀😀", "near OR zzz", new string('x', 5000), string.Concat(Enumerable.Repeat("near ", 300)) })
            await Items(house, question);
        (await Items(house, "near* or")).ShouldBe("A");
        (await Items(house, "near zzz")).ShouldBe("", "each word counts: OR is a word");
        (await Items(house, "or zzz")).ShouldBe("");
    }

    [Theory, OnBothEngines]
    public async Task What_was_written_on_a_document_is_found_by_those_who_may_see_it(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        var (maker, boss) = (House.Person(), House.Person("boss"));
        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        await house.Step(boss, id, Verb.SendBack, text: "Fähre nach Åbo fehlt");
        await Note(house, maker, id, "Reise im März");
        (await Found(house, maker, "abo fahr")).ShouldHaveSingleItem().ShouldSatisfyAllConditions(hit => hit.Id.ShouldBe(id), hit => hit.Detail.ShouldBe("Fähre nach Åbo fehlt"), hit => hit.Status.ShouldBe("draft"));
        (await Found(house, maker, "marz")).Count.ShouldBe(1);
        await Note(house, maker, id, "Reise im April");
        (await Found(house, maker, "marz")).ShouldBeEmpty("the note was changed");

        var elsewhere = maker with { Grants = [maker.Grants[0] with { BranchId = Guid.CreateVersion7() }] };
        (await Found(house, elsewhere, "reise")).ShouldBeEmpty("they see another branch");
        var blind = maker with { Grants = [new Grant("x", null, FrozenSet<string>.Empty)] };
        (await Found(house, blind, "reise")).ShouldBeEmpty();
        (await house.Count("select count(*) from search_text where kind = 'document'")).ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task Every_beginning_of_every_word_of_a_thousand_names_finds_what_has_it(Engine engine)
    {
        await using var house = await House.Open(engine);
        var random = new Random(11);
        string Word() => new([.. Enumerable.Range(0, random.Next(2, 7)).Select(_ => "abcdéßñ12"[random.Next(9)])]);
        var names = Enumerable.Range(0, 1000).Select(at => (Id: Guid.CreateVersion7(), Name: $"{Word()} {Word()}-{Word()}")).ToList();
        await house.Database.Write(tx => Stage(tx, [.. names.Select(name => new SearchEntry("item", name.Id, "name", name.Name))]));
        foreach (var (_, name) in names.Take(40))
        {
            var word = Plug1.Kernel.Values.SearchText.Words(name).Last();
            var question = word[..Math.Min(2, word.Length)];
            var wanted = names.Where(other => Plug1.Kernel.Values.SearchText.Words(other.Name).Any(one => one.StartsWith(question, StringComparison.Ordinal))).Select(other => other.Id).ToHashSet();
            var matches = SearchIndex.Matches(engine, question)!;
            var found = await house.Database.Read(db => db.Query($"select t.subject_id from search_text t where {matches} and t.kind = 'item'", row => row.Guid(0)));
            found.ToHashSet().SetEquals(wanted).ShouldBeTrue(question);
        }
    }

    private readonly Dictionary<string, Guid> ids = [];

    private async Task Item(House house, string sku, string name)
    {
        var item = await house.Item(sku);
        ids[sku] = item.Id;
        await house.Database.Write(async tx =>
        {
            await tx.Execute($"update item set name = {name} where id = {item.Id}");
            SearchIndex.Stage(tx, Plug1.Kernel.Catalog.ItemMaster.Named(item.Id, sku, name));
        });
    }

    private static Task Stage(Tx tx, params IReadOnlyList<SearchEntry> entries)
    {
        SearchIndex.Stage(tx, entries);
        return Task.CompletedTask;
    }

    private static Task Note(House house, Actor actor, Guid id, string note) => house.Database.Write(async tx =>
    {
        var header = (await Headers.Lock(tx, house.Spending.Code, id, null)).Value;
        header.Note = note;
        header.Edit(house.StampOf(actor));
        Headers.Update(tx, header);
    });

    private static async Task<string> Items(House house, string question) => string.Join(' ', (await Found(house, House.Person(), question)).Where(hit => hit.Kind == "item").Select(hit => hit.Detail).Order(StringComparer.Ordinal));

    private static async Task<IReadOnlyList<Hit>> Found(House house, Actor reader, string question)
    {
        var viewer = new Viewer(reader, await house.Organisation.Get());
        return await house.Database.Read(db => Finder.Find(db, house.Functions, viewer, question));
    }
}
