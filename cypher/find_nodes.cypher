// Expects $ids of holdings and transformations. Returns those that are there as columns: id, number, the number of the
// unit or process that each belongs to (0: none, nothing but a leg or a gap names it), and whether it is a transformation.
UNWIND $ids AS id
MATCH (node:Node {id: id})
USING INDEX SEEK node:Node(id)
RETURN collect(node.id) AS id, collect(node.number) AS number, collect(coalesce(node.unit, node.process, 0)) AS owner,
  collect(node:Transformation) AS joint
