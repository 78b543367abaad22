/** @file The handler by which a table in a page turns its pages and sorts. It needs no kernel. */

/**
 * Code of an `onclick` attribute; `this` is the table's frame. An attribute and not a script: untrusted notebooks drop it without
 * a warning, and a view that JupyterLab mirrors has its own. It is made on one line, because it stands in every table.
 *
 * The frame's `data-table` holds `cells` (text, or the number of an empty value), and in `orders` for each column its number of empty
 * values, with the order of the rows where that is not the one in which they come. A column goes from ascending to descending to the first order.
 */
export const pagingHandler = `
const hit=event.target.closest('[data-sort],[data-go]');
if(!hit||!this.contains(hit))return;
const table=this.table??=JSON.parse(this.dataset.table);
const {cells,page,empties}=table;
const last=Math.ceil(cells.length/page)-1;
const start=cells.map((_,i)=>i);
table.order??=start;
table.at??=0;
const {sort,go}=hit.dataset;
if(sort!==undefined){
const column=+sort;
if(table.by!==column){table.by=column;table.down=false}
else if(!table.down)table.down=true;
else{table.by=undefined;table.down=false}
if(table.by===undefined)table.order=start;
else{
const known=table.orders[column];
const empty=Array.isArray(known)?known[0]:known;
const up=Array.isArray(known)?known.slice(1):start;
const filled=up.slice(0,up.length-empty);
table.order=[...table.down?filled.reverse():filled,...up.slice(up.length-empty)]
}
table.at=0;
this.querySelectorAll('[data-sort]').forEach((head,i)=>{
if(i===table.by)head.setAttribute('aria-sort',table.down?'descending':'ascending');
else head.removeAttribute('aria-sort')})
}else table.at={first:0,back:Math.max(0,table.at-1),next:Math.min(last,table.at+1),last}[go];
const from=table.at*page;
const rows=table.order.slice(from,from+page).map(place=>{
const row=document.createElement('tr');
const number=document.createElement('th');
number.textContent=table.places?table.places[place]:place;
row.append(number,...cells[place].map((cell,i)=>{
const td=document.createElement('td');
td.style.textAlign=table.right.includes(i)?'right':'left';
if(typeof cell==='number'){
const soft=document.createElement('span');
soft.className='soft';
soft.textContent=empties[cell];
td.append(soft)
}else td.textContent=cell;
return td}));
return row});
this.querySelector('tbody').replaceChildren(...rows);
if(last>0){
const number=n=>n.toLocaleString('en-US');
this.querySelector('[data-range]').textContent='rows '+number(from+1)+'–'+number(from+rows.length)+' of '+number(table.total);
this.querySelector('[data-page]').dataset.page=table.at+1+' / '+(last+1);
this.querySelectorAll('[data-go]').forEach(control=>
control.setAttribute('aria-disabled',/first|back/.test(control.dataset.go)?table.at===0:table.at===last))
}`.replace(/\n/g, '');
